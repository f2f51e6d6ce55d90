package dev.gatehouse.it.bench;

import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Whole code flows, each in a fresh browser: login with its password hash, consent, code, token. */
final class CodeFlows {
    private static final int PEOPLE = 8;

    private CodeFlows() {
    }

    /** Flows a second. */
    static double perSecond(String issuer, double seconds) {
        AtomicInteger flows = new AtomicInteger();
        long begun = System.nanoTime();
        long deadline = begun + (long) (seconds * 1e9);
        List<Thread> people = IntStream.range(0, PEOPLE).mapToObj(i -> new Thread(() -> {
            while (System.nanoTime() < deadline) {
                Journey.demo(issuer).tokens(OAuthClient.demo(issuer));
                flows.incrementAndGet();
            }
        })).toList();
        people.forEach(Thread::start);
        people.forEach(CodeFlows::join);
        return flows.get() / ((System.nanoTime() - begun) / 1e9);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}

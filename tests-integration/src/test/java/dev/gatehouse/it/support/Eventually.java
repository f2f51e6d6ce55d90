package dev.gatehouse.it.support;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what another process does, where nothing can be subscribed to. */
public final class Eventually {
    private static final long STEP_MILLIS = 20;

    private Eventually() {}

    /**
     * Returns once the condition holds; a condition that throws does not hold yet. Fails after the limit, naming
     * {@code what}.
     */
    public static void holds(String what, Duration limit, Callable<Boolean> condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        Exception last = null;
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (Exception notYet) {
                last = notYet;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + limit.toSeconds() + " s: " + what, last);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(STEP_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}

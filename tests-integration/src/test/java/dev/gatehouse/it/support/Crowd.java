package dev.gatehouse.it.support;

import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Makes a number of calls at the same moment. */
public final class Crowd implements AutoCloseable {
    private final int callers;
    private final ExecutorService threads;

    public Crowd(int callers) {
        this.callers = callers;
        threads = Executors.newFixedThreadPool(callers);
    }

    /** Returns the results in the order of the callers, counted from 0. Fails with the first call that failed. */
    public <T> List<T> atOnce(IntFunction<T> call) {
        CyclicBarrier barrier = new CyclicBarrier(callers);
        List<CompletableFuture<T>> calls = IntStream.range(0, callers)
            .mapToObj(caller -> CompletableFuture.supplyAsync(() -> behind(barrier, call, caller), threads)).toList();
        return calls.stream().map(CompletableFuture::join).toList();
    }

    private static <T> T behind(CyclicBarrier barrier, IntFunction<T> call, int caller) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException broken) {
            throw new IllegalStateException(broken);
        }
        return call.apply(caller);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

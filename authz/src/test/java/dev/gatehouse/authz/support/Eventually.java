package dev.gatehouse.authz.support;

import java.util.function.BooleanSupplier;

/** Waits for what another thread or process is about to bring about. */
public final class Eventually {

    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private Eventually() {
    }

    /** Asks until the answer is yes, for some seconds at most. */
    public static void holds(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new AssertionError("It did not come true");
            }
            Thread.onSpinWait();
        }
    }
}

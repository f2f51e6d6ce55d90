package dev.gatehouse.shared.audit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Lets one log line a minute through where an outage would write one for each request. Any thread may use it. */
public final class OncePerMinute {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong last = new AtomicLong(System.nanoTime() - MINUTE);
    private final AtomicLong held = new AtomicLong();

    /** @param line is given the number of lines held back since the one before; not called when this one is held back too */
    public void write(LongConsumer line) {
        long now = System.nanoTime();
        long before = last.get();
        if (now - before >= MINUTE && last.compareAndSet(before, now)) {
            line.accept(held.getAndSet(0));
        } else {
            held.incrementAndGet();
        }
    }
}

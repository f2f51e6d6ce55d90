package dev.gatehouse.shared.audit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Limits a log message to one line per minute, for outages that affect every request. Thread-safe. */
public final class OncePerMinute {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong last = new AtomicLong(System.nanoTime() - MINUTE);
    private final AtomicLong held = new AtomicLong();

    /** Creates an instance that writes its first line at once. */
    public OncePerMinute() {
    }

    /**
     * Writes a line, at most once a minute.
     *
     * @param line receives the number of lines suppressed since the last one; not called if this line is suppressed too
     */
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

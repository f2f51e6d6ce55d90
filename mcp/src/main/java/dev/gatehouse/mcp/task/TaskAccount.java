package dev.gatehouse.mcp.task;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** What one owner's tasks keep: bounded for the owner, and for all owners together. Safe for use from any thread. */
final class TaskAccount {

    private static final long OWNER_LIMIT = 16L << 20;
    private static final long TOTAL_LIMIT = 128L << 20;

    private final Clock clock;
    private final AtomicLong total;
    private final AtomicLong kept = new AtomicLong();
    /** How many there are; the store guards it. */
    int tasks;

    /** @param total of all owners */
    TaskAccount(Clock clock, AtomicLong total) {
        this.clock = clock;
        this.total = total;
    }

    /** The time in epoch milliseconds. */
    long now() {
        return clock.millis();
    }

    /** Takes room, in characters of JSON; false, and nothing is taken, if there is not so much. */
    boolean keep(long size) {
        if (kept.addAndGet(size) > OWNER_LIMIT) {
            kept.addAndGet(-size);
            return false;
        }
        if (total.addAndGet(size) > TOTAL_LIMIT) {
            release(size);
            return false;
        }
        return true;
    }

    void release(long size) {
        kept.addAndGet(-size);
        total.addAndGet(-size);
    }
}

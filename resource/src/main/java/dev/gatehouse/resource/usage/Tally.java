package dev.gatehouse.resource.usage;

import dev.gatehouse.resource.usage.UsageMeter.UsageQuota;
import dev.gatehouse.resource.usage.UsageStore.UsageTotals;

/**
 * One user's counter of one month in memory: the stored totals and the part that is not stored yet. Thread-safe.
 */
final class Tally {

    private UsageTotals stored;
    private UsageTotals pending = UsageTotals.NONE;
    private UsageTotals leaving = UsageTotals.NONE;
    private long knownAt;
    private long touchedAt;

    /** Records a use. */
    synchronized Tally touch(long now) {
        touchedAt = now;
        return this;
    }

    /** Returns whether the stored totals are recent enough for a decision. */
    synchronized boolean isKnownSince(long moment) {
        return stored != null && knownAt >= moment;
    }

    /** Takes over totals that were read, unless a write is in progress, whose result is newer. */
    synchronized void learn(UsageTotals found, long now) {
        if (leaving.isNone()) {
            stored = found;
            knownAt = now;
        }
    }

    /** A decision about a request. */
    enum Decision {
        COUNTED, REFUSED,
        /** So little is left that requests of other processes, which are not known here yet, could use it up. */
        NEARLY_USED_UP
    }

    /** Counts a request if the quota certainly allows it. */
    synchronized Decision reserve(UsageQuota quota, long near) {
        UsageTotals used = used();
        if (used.requests() >= quota.requestsPerMonth() || used.tokens() >= quota.tokensPerMonth()) {
            return Decision.REFUSED;
        }
        if (used.requests() >= quota.requestsPerMonth() - near) {
            return Decision.NEARLY_USED_UP;
        }
        pending = pending.plus(new UsageTotals(1, 0, 0));
        return Decision.COUNTED;
    }

    synchronized void addTokens(long in, long out) {
        pending = pending.plus(new UsageTotals(0, in, out));
    }

    synchronized UsageTotals used() {
        return (stored == null ? UsageTotals.NONE : stored).plus(leaving).plus(pending);
    }

    /** Returns the part to store now; nothing while an earlier part is being stored. */
    synchronized UsageTotals depart() {
        if (!leaving.isNone()) {
            return UsageTotals.NONE;
        }
        leaving = pending;
        pending = UsageTotals.NONE;
        return leaving;
    }

    /** The part is stored; the stored totals are now these. */
    synchronized void arrive(UsageTotals total, long now) {
        leaving = UsageTotals.NONE;
        stored = total;
        knownAt = now;
    }

    /** Storing the part failed; it waits for the next attempt. */
    synchronized void turnBack() {
        pending = pending.plus(leaving);
        leaving = UsageTotals.NONE;
    }

    synchronized boolean isIdleSince(long moment) {
        return touchedAt < moment && pending.isNone() && leaving.isNone();
    }
}

package dev.gatehouse.resource.usage;

import dev.gatehouse.resource.usage.UsageMeter.UsageQuota;

/**
 * One user's counter of one month in memory: what the store is known to hold, and what has not been stored yet. Any thread
 * may use it.
 */
final class Tally {

    private UsageTotals stored;
    private UsageTotals pending = UsageTotals.NONE;
    private UsageTotals leaving = UsageTotals.NONE;
    private long knownAt;
    private long touchedAt;

    /** Notes that somebody is about to use it. */
    synchronized Tally touch(long now) {
        touchedAt = now;
        return this;
    }

    /** Whether what is known of the store is recent enough to decide by. */
    synchronized boolean isKnownSince(long moment) {
        return stored != null && knownAt >= moment;
    }

    /** Takes over what a read found, unless a write is on its way, which knows better. */
    synchronized void learn(UsageTotals found, long now) {
        if (leaving.isNone()) {
            stored = found;
            knownAt = now;
        }
    }

    /** Counts a request, if the quota has room for it. */
    synchronized boolean reserve(UsageQuota quota) {
        UsageTotals used = used();
        if (used.requests() >= quota.requestsPerMonth() || used.tokens() >= quota.tokensPerMonth()) {
            return false;
        }
        pending = pending.plus(new UsageTotals(1, 0, 0));
        return true;
    }

    synchronized void addTokens(long in, long out) {
        pending = pending.plus(new UsageTotals(0, in, out));
    }

    synchronized UsageTotals used() {
        return (stored == null ? UsageTotals.NONE : stored).plus(leaving).plus(pending);
    }

    /** What is to be stored now; nothing while an earlier part is on its way. */
    synchronized UsageTotals depart() {
        if (!leaving.isNone()) {
            return UsageTotals.NONE;
        }
        leaving = pending;
        pending = UsageTotals.NONE;
        return leaving;
    }

    /** What departed is in the store, which now stands at this total. */
    synchronized void arrive(UsageTotals total, long now) {
        leaving = UsageTotals.NONE;
        stored = total;
        knownAt = now;
    }

    /** What departed could not be stored, and waits for the next attempt. */
    synchronized void turnBack() {
        pending = pending.plus(leaving);
        leaving = UsageTotals.NONE;
    }

    synchronized boolean isIdleSince(long moment) {
        return touchedAt < moment && pending.isNone() && leaving.isNone();
    }
}

package dev.gatehouse.authz.session;

import io.vertx.core.Future;

import java.util.List;

/** Counts failed logins, so that a limit holds across restarts and nodes. */
public interface LoginFailureStore {

    /** What is counted under one name, and how many failures it may have before it waits. */
    record Limit(String subject, int failures) {
    }

    /**
     * How a limit bites.
     *
     * @param windowMillis how long a failure is remembered
     * @param lockMillis the first wait; each failure after it doubles the next
     * @param longestLockMillis where doubling ends
     */
    record Rule(long windowMillis, long lockMillis, long longestLockMillis) {
    }

    /** Until when any of the subjects waits, epoch milliseconds; 0 when none does. */
    Future<Long> lockedUntil(List<Limit> limits, long now);

    /**
     * Settles the outcome of a password check. While a subject waits nothing is counted and the outcome must not be
     * told: of many guesses made at once no more than the limit are answered.
     *
     * @return until when a subject waits, or 0 when the outcome counts
     */
    Future<Long> recordFailure(List<Limit> limits, Rule rule, long now);

    /** As {@link #recordFailure} for a right password: forgets the failures of the first limit, the account's. */
    Future<Long> recordSuccess(List<Limit> limits, long now);

    /** Whether this user has logged in with this browser before. */
    Future<Boolean> isKnownBrowser(String sub, String browserHash);
}

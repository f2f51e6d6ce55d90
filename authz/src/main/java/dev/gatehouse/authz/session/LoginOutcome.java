package dev.gatehouse.authz.session;

import dev.gatehouse.authz.user.User;

/**
 * The result of a login attempt.
 *
 * @param user the user; null unless accepted
 * @param retryAfterSeconds the seconds to wait; 0 unless locked
 */
record LoginOutcome(Status status, User user, long retryAfterSeconds) {

    enum Status { ACCEPTED, REFUSED, LOCKED, BUSY }

    static LoginOutcome accepted(User user) {
        return new LoginOutcome(Status.ACCEPTED, user, 0);
    }

    static LoginOutcome refused() {
        return new LoginOutcome(Status.REFUSED, null, 0);
    }

    static LoginOutcome busy() {
        return new LoginOutcome(Status.BUSY, null, 0);
    }

    static LoginOutcome locked(long retryAfterSeconds) {
        return new LoginOutcome(Status.LOCKED, null, retryAfterSeconds);
    }
}

package dev.gatehouse.authz.session;

import dev.gatehouse.authz.session.LoginFailureStore.Limit;
import dev.gatehouse.authz.session.LoginFailureStore.Rule;
import dev.gatehouse.authz.user.FairWorkers.Turn;
import dev.gatehouse.authz.user.PasswordHasher;
import dev.gatehouse.authz.user.PasswordRules;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserStore;
import io.vertx.core.Future;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Checks a username and password, with lockouts per account and per source address.
 *
 * <p>After too many failures an account is locked for all addresses, and during the lockout a correct password is rejected like
 * a wrong one. A browser in which the user has logged in before has its own limit; the lockouts of the account and of the source do
 * not apply to it. So an attacker, or a neighbour behind the same address, cannot lock the user out. Unknown accounts behave in
 * the same way.
 */
public final class PasswordLogin {

    private final UserStore users;
    private final LoginFailureStore failures;
    private final PasswordHasher hasher;
    private final LoginOptions options;
    private final Clock clock;

    /** The longest accepted username in characters. */
    private static final int LONGEST_NAME = 256;

    /**
     * A login attempt.
     *
     * @param browserHash the hash of the browser's cookie
     * @param isAbandoned whether the connection is closed
     */
    record Attempt(String username, String password, String browserHash, String source, BooleanSupplier isAbandoned) {

        /** Returns whether the name or the password is longer than any valid one. */
        private boolean isTooLong() {
            return username.length() > LONGEST_NAME || PasswordRules.isTooLong(password);
        }

        @Override
        public String toString() {
            return "Attempt[" + source + "]";
        }
    }

    public PasswordLogin(UserStore users, LoginFailureStore failures, PasswordHasher hasher, LoginOptions options, Clock clock) {
        this.users = users;
        this.failures = failures;
        this.hasher = hasher;
        this.options = options;
        this.clock = clock;
    }

    Future<LoginOutcome> attempt(Attempt attempt) {
        return (attempt.isTooLong() ? Future.succeededFuture(Optional.<User>empty()) : users.findByUsername(attempt.username()))
            .compose(user -> limits(attempt, user).compose(limits -> attempt(attempt, user, limits)));
    }

    private Future<List<Limit>> limits(Attempt attempt, Optional<User> user) {
        Limit source = new Limit("source:" + attempt.source(), options.failuresPerSource());
        return failures.isKnownBrowser(user.map(User::sub).orElse(""), attempt.browserHash())
            .map(known -> known ? List.of(new Limit(LoginFailureStore.account(attempt.username(), attempt.browserHash()), options.failuresPerAccount()))
                : List.of(new Limit(LoginFailureStore.account(attempt.username()), options.failuresPerAccount()), source));
    }

    private Future<LoginOutcome> attempt(Attempt attempt, Optional<User> user, List<Limit> limits) {
        return failures.lockedUntil(limits, clock.millis()).compose(until -> until > 0
            ? Future.succeededFuture(locked(until))
            : verify(attempt, user, limits).compose(right -> settle(right, user, limits)));
    }

    /** A known browser queues only behind its own requests, any other behind those of its source address. */
    private Future<Boolean> verify(Attempt attempt, Optional<User> user, List<Limit> limits) {
        if (attempt.isTooLong()) {
            // The text alone decides, so the quick answer reveals nothing about the account.
            return Future.succeededFuture(false);
        }
        Turn turn = new Turn(limits.get(limits.size() - 1).subject(), attempt.isAbandoned());
        return user.filter(found -> !found.disabled()).isEmpty() ? hasher.verifyAbsent(attempt.password(), turn)
            : hasher.verify(attempt.password(), user.get().passwordHash(), turn);
    }

    private Future<LoginOutcome> settle(boolean right, Optional<User> user, List<Limit> limits) {
        long now = clock.millis();
        Future<Long> settled = right ? failures.recordSuccess(limits, now) : failures.recordFailure(limits, options.rule(), now);
        return settled.compose(until -> until > 0 ? Future.succeededFuture(locked(until))
            : Future.succeededFuture(right ? LoginOutcome.accepted(user.orElseThrow()) : LoginOutcome.refused()));
    }

    private LoginOutcome locked(long until) {
        return LoginOutcome.locked(Math.max(1, (until - clock.millis() + 999) / 1000));
    }

    /**
     * The limits of wrong passwords.
     *
     * @param failuresPerAccount wrong passwords within the window that lock the account's logins
     * @param failuresPerSource wrong passwords within the window that lock logins from one address
     * @param lockSeconds length of a lock
     */
    public record LoginOptions(int failuresPerAccount, int failuresPerSource, long windowSeconds, long lockSeconds) {

        private static final int LONGEST_LOCK = 8;

        /** The lockout rule. */
        public Rule rule() {
            long lock = lockSeconds * 1000;
            long window = windowSeconds * 1000;
            return new Rule(window, lock, Math.min(Math.max(window, lock), lock * LONGEST_LOCK));
        }
    }

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

    /** Passwords of this server. @param enabled whether users may log in with them */
    public record PasswordOptions(boolean enabled) {
    }
}

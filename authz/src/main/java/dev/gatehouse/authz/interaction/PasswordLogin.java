package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.options.LoginOptions;
import dev.gatehouse.authz.password.PasswordHasher;
import dev.gatehouse.authz.store.LoginFailureStore;
import dev.gatehouse.authz.store.LoginFailureStore.Limit;
import dev.gatehouse.authz.store.LoginFailureStore.Rule;
import dev.gatehouse.authz.store.User;
import dev.gatehouse.authz.store.UserStore;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Checks a username and password, slowed down per account and per source.
 *
 * <p>An account that somebody guesses at waits, whatever address the guesses come from, and while it waits a right
 * password is refused like a wrong one. Browsers that its owner has used are counted apart, so that a stranger cannot
 * lock the owner out. Accounts that do not exist are treated alike in every respect.
 */
final class PasswordLogin {

    private static final int LONGEST_LOCK = 8;

    private final UserStore users;
    private final LoginFailureStore failures;
    private final PasswordHasher hasher;
    private final LoginOptions options;
    private final Clock clock;

    /** @param browserHash of the browser's cookie */
    record Attempt(String username, String password, String browserHash, String source) {

        @Override
        public String toString() {
            return "Attempt[" + source + "]";
        }
    }

    PasswordLogin(UserStore users, LoginFailureStore failures, PasswordHasher hasher, LoginOptions options, Clock clock) {
        this.users = users;
        this.failures = failures;
        this.hasher = hasher;
        this.options = options;
        this.clock = clock;
    }

    Future<LoginOutcome> attempt(Attempt attempt) {
        return users.findByUsername(attempt.username())
            .compose(user -> limits(attempt, user).compose(limits -> attempt(attempt, user, limits)));
    }

    private Future<List<Limit>> limits(Attempt attempt, Optional<User> user) {
        Limit source = new Limit("source:" + attempt.source(), options.failuresPerSource());
        // The hash, since people type passwords into the wrong field.
        String account = "account:" + SecretToken.hash(attempt.username());
        return failures.isKnownBrowser(user.map(User::sub).orElse(""), attempt.browserHash())
            .map(known -> known ? account + "@" + attempt.browserHash() : account)
            .map(subject -> List.of(new Limit(subject, options.failuresPerAccount()), source));
    }

    private Future<LoginOutcome> attempt(Attempt attempt, Optional<User> user, List<Limit> limits) {
        return failures.lockedUntil(limits, clock.millis()).compose(until -> until > 0
            ? Future.succeededFuture(locked(until))
            : verify(attempt, user).compose(right -> settle(right, user, limits)));
    }

    private Future<Boolean> verify(Attempt attempt, Optional<User> user) {
        return user.filter(found -> !found.disabled()).isEmpty() ? hasher.verifyAbsent(attempt.password())
            : hasher.verify(attempt.password(), user.get().passwordHash());
    }

    private Future<LoginOutcome> settle(boolean right, Optional<User> user, List<Limit> limits) {
        long now = clock.millis();
        Future<Long> settled = right ? failures.recordSuccess(limits, now) : failures.recordFailure(limits, rule(), now);
        return settled.compose(until -> until > 0 ? Future.succeededFuture(locked(until))
            : right ? accept(user.orElseThrow(), now) : Future.succeededFuture(LoginOutcome.refused()));
    }

    private Future<LoginOutcome> accept(User user, long now) {
        return users.recordLogin(user.sub(), now).map(LoginOutcome.accepted(user));
    }

    private Rule rule() {
        long lock = options.lockSeconds() * 1000;
        long window = options.windowSeconds() * 1000;
        return new Rule(window, lock, Math.min(Math.max(window, lock), lock * LONGEST_LOCK));
    }

    private LoginOutcome locked(long until) {
        return LoginOutcome.locked(Math.max(1, (until - clock.millis() + 999) / 1000));
    }
}

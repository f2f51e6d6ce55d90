package dev.gatehouse.authz.session;

import dev.gatehouse.authz.factor.SecondFactors;
import dev.gatehouse.authz.factor.SecondFactors.Checked;
import dev.gatehouse.authz.session.LoginFailureStore.Limit;
import dev.gatehouse.authz.session.PasswordLogin.LoginOptions;
import dev.gatehouse.authz.user.User;
import io.vertx.core.Future;

import java.time.Clock;
import java.util.List;

/**
 * Checks the codes of second factors, with the limits of passwords. Only a login with the right password comes here, so the limit is not one
 * of the source address. A browser in which the user has logged in before has a limit of its own.
 */
public final class FactorCheck {

    private final SecondFactors factors;
    private final LoginFailureStore failures;
    private final LoginOptions options;
    private final Clock clock;

    public FactorCheck(SecondFactors factors, LoginFailureStore failures, LoginOptions options, Clock clock) {
        this.factors = factors;
        this.failures = failures;
        this.options = options;
        this.clock = clock;
    }

    /** Checks a code. @param browserHash the hash of the browser's cookie */
    Future<Result> check(User user, String code, String browserHash) {
        return failures.isKnownBrowser(user.sub(), browserHash)
            .map(known -> List.of(new Limit(LoginFailureStore.account(user.username(), known ? "factor:" + browserHash : "factor"),
                options.failuresPerAccount())))
            .compose(limits -> failures.lockedUntil(limits, clock.millis())
                .compose(until -> until > 0 ? Future.succeededFuture(locked(until))
                    : factors.check(user.sub(), code).compose(checked -> settle(checked, limits))));
    }

    private Future<Result> settle(Checked checked, List<Limit> limits) {
        long now = clock.millis();
        return (checked == Checked.WRONG ? failures.recordFailure(limits, options.rule(), now) : failures.recordSuccess(limits, now))
            .map(until -> until > 0 ? locked(until) : new Result(checked, 0));
    }

    private Result locked(long until) {
        return new Result(Checked.WRONG, Math.max(1, (until - clock.millis() + 999) / 1000));
    }

    /** The result of a check. @param retryAfterSeconds the seconds to wait; 0 unless the account is locked */
    record Result(Checked checked, long retryAfterSeconds) {
    }
}

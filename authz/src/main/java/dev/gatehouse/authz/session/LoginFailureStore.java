package dev.gatehouse.authz.session;

import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;

/** Counts failed logins in the database, so that limits hold across restarts and nodes. */
public final class LoginFailureStore {

    /** A counter and the number of failures after which it is locked. */
    public record Limit(String subject, int failures) {
    }

    /**
     * The lockout rule.
     *
     * @param windowMillis how long a failure counts
     * @param lockMillis the first lockout; each further failure doubles it
     * @param longestLockMillis the longest lockout
     */
    public record Rule(long windowMillis, long lockMillis, long longestLockMillis) {
    }

    private static final String LOCKED = "SELECT locked_until FROM login_failure WHERE subject = $1 AND locked_until > $2";
    private static final String COUNT = """
        INSERT INTO login_failure (subject, failures, locked_until, expires_at) VALUES ($1, 1, 0, $2)
        ON CONFLICT (subject) DO UPDATE SET expires_at = excluded.expires_at,
            failures = CASE WHEN login_failure.expires_at <= $3 THEN 1 ELSE login_failure.failures + 1 END
        RETURNING failures
        """;
    private static final String LOCK = "UPDATE login_failure SET locked_until = $1, expires_at = $2 WHERE subject = $3";
    private static final String FORGET = "DELETE FROM login_failure WHERE subject = $1";
    private static final String KNOWN = "SELECT sub FROM known_browser WHERE sub = $1 AND browser_hash = $2";
    /** The counter of an account and those of the browsers that its user has logged in with. */
    private static final String UNLOCK = """
        DELETE FROM login_failure WHERE subject = $1 OR SUBSTR(subject, 1, LENGTH(CAST($2 AS TEXT))) = CAST($2 AS TEXT)
        """;
    private static final int MOST_DOUBLINGS = 20;

    private final Database database;

    public LoginFailureStore(Database database) {
        this.database = database;
    }

    /** The counter of an account. It has a hash, because users sometimes type the password into the wrong field. */
    static String account(String username) {
        return "account:" + SecretToken.hash(username);
    }

    /** The counter of an account in a browser that its user has logged in with. */
    static String account(String username, String browserHash) {
        return account(username) + "@" + browserHash;
    }

    /** Forgets the wrong passwords of an account. Those of an address stay. Returns whether there were any. */
    public Future<Boolean> unlock(String username) {
        return database.write(statements -> statements.update(UNLOCK, account(username), account(username, ""))).map(rows -> rows > 0);
    }

    /** The end of the latest lockout of these limits, epoch milliseconds; 0 if there is none. */
    public Future<Long> lockedUntil(List<Limit> limits, long now) {
        Future<Long> latest = Future.succeededFuture(0L);
        for (Limit limit : limits) {
            latest = latest.compose(before -> database.read(LOCKED, limit.subject(), now).map(rows -> later(before, rows)));
        }
        return latest;
    }

    /**
     * Records a wrong password. During a lockout nothing is counted and the caller must not reveal the result: of many
     * concurrent guesses at most the limit is answered.
     *
     * @return the end of the lockout, or 0 if the result may be revealed
     */
    public Future<Long> recordFailure(List<Limit> limits, Rule rule, long now) {
        return database.write(statements -> lockedUntil(statements, limits, now)
            .compose(until -> until > 0 ? Future.succeededFuture(until) : countAll(statements, limits, rule, now)));
    }

    /** As {@link #recordFailure} for a correct password: resets the first limit, which is the account's. */
    public Future<Long> recordSuccess(List<Limit> limits, long now) {
        return database.write(statements -> lockedUntil(statements, limits, now)
            .compose(until -> until > 0 ? Future.succeededFuture(until)
                : statements.update(FORGET, limits.get(0).subject()).map(0L)));
    }

    /** Returns whether this user has logged in with this browser before. */
    public Future<Boolean> isKnownBrowser(String sub, String browserHash) {
        return database.read(KNOWN, sub, browserHash).map(rows -> !rows.isEmpty());
    }

    /** Attempts at one limit are answered one after the other, in one order, so that none of them is answered above the limit. */
    private static Future<Long> lockedUntil(Statements statements, List<Limit> limits, long now) {
        Future<Void> alone = Future.succeededFuture();
        for (String subject : limits.stream().map(Limit::subject).sorted().toList()) {
            alone = alone.compose(before -> statements.lock("login " + subject));
        }
        Future<Long> latest = alone.map(0L);
        for (Limit limit : limits) {
            latest = latest.compose(before -> statements.query(LOCKED, limit.subject(), now).map(rows -> later(before, rows)));
        }
        return latest;
    }

    private static long later(long before, List<SqlRow> rows) {
        return rows.isEmpty() ? before : Math.max(before, rows.get(0).number("locked_until"));
    }

    private static Future<Long> countAll(Statements statements, List<Limit> limits, Rule rule, long now) {
        Future<Integer> counted = Future.succeededFuture(0);
        for (Limit limit : limits) {
            counted = counted.compose(before -> count(statements, limit, rule, now));
        }
        return counted.map(0L);
    }

    private static Future<Integer> count(Statements statements, Limit limit, Rule rule, long now) {
        return statements.query(COUNT, limit.subject(), now + rule.windowMillis(), now)
            .compose(rows -> {
                long excess = rows.get(0).number("failures") - limit.failures();
                return excess < 0 ? Future.succeededFuture(0) : lock(statements, limit, rule, excess, now);
            });
    }

    private static Future<Integer> lock(Statements statements, Limit limit, Rule rule, long excess, long now) {
        long wait = Math.min(rule.longestLockMillis(), rule.lockMillis() << Math.min(excess, MOST_DOUBLINGS));
        return statements.update(LOCK, now + wait, now + wait + rule.windowMillis(), limit.subject());
    }
}

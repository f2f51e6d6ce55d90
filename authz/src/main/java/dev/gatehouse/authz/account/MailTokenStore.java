package dev.gatehouse.authz.account;

import dev.gatehouse.authz.user.User;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import io.vertx.core.Future;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Stores the single-use links of mails, by their hash. */
public final class MailTokenStore {

    private static final String COUNT = "SELECT COUNT(*) AS n FROM mail_token WHERE sub = $1 AND purpose = $2 AND created_at > $3";
    private static final String INSERT = """
        INSERT INTO mail_token (token_hash, sub, purpose, email, state_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        """;
    private static final String FIND = """
        SELECT sub, email, state_hash FROM mail_token WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3 AND used_at IS NULL
        """;
    private static final String TAKE = "UPDATE mail_token SET used_at = $1 WHERE token_hash = $2 AND used_at IS NULL";
    private static final long HOUR_MILLIS = 3_600_000;

    private final Database database;

    public MailTokenStore(Database database) {
        this.database = database;
    }

    /**
     * Makes a link, unless the user got several within the last hour.
     *
     * @param email the address to which the link goes
     * @return the token of the link, or empty
     */
    Future<Optional<String>> begin(User user, Purpose purpose, String email, long now) {
        String token = SecretToken.generate("");
        return database.write(statements -> statements.lock("mail " + user.sub())
            .compose(locked -> statements.query(COUNT, user.sub(), purpose.column(), now - HOUR_MILLIS))
            .compose(rows -> rows.get(0).number("n") >= purpose.perHour ? Future.succeededFuture(Optional.<String>empty())
                : statements.update(INSERT, SecretToken.hash(token), user.sub(), purpose.column(), email, state(user), now, now + purpose.lifetimeMillis)
                    .map(Optional.of(token))));
    }

    /** Returns a link that was neither used nor has expired. It stays usable. */
    Future<Optional<MailToken>> find(String token, Purpose purpose, long now) {
        return database.read(FIND, SecretToken.hash(token), purpose.column(), now)
            .map(rows -> rows.stream().findFirst().map(row -> token(SecretToken.hash(token), row)));
    }

    /** Uses a link. Of several requests at once exactly one gets true. */
    Future<Boolean> take(MailToken token, long now) {
        return database.write(statements -> statements.update(TAKE, now, token.hash())).map(rows -> rows > 0);
    }

    private static MailToken token(String hash, SqlRow row) {
        return new MailToken(hash, row.text("sub"), row.text("email"), row.text("state_hash"));
    }

    private static String state(User user) {
        return SecretToken.hash(user.sub() + "\n" + user.passwordHash() + "\n" + user.email());
    }

    /** The purpose of a link. */
    enum Purpose {
        /** Sets a new password. */
        RESET(3, HOUR_MILLIS / 2),
        /** Confirms an address. */
        EMAIL(5, 24 * HOUR_MILLIS);

        private final int perHour;
        private final long lifetimeMillis;

        Purpose(int perHour, long lifetimeMillis) {
            this.perHour = perHour;
            this.lifetimeMillis = lifetimeMillis;
        }

        /** The lifetime of the link. */
        Duration lifetime() {
            return Duration.ofMillis(lifetimeMillis);
        }

        private String column() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A link. @param state the hash of the state of the account to which it is bound */
    record MailToken(String hash, String sub, String email, String state) {

        /** Returns whether the account still has the password and the address with which the link was made. */
        boolean fits(User user) {
            return !user.disabled() && SecretToken.constantTimeEquals(state, MailTokenStore.state(user));
        }
    }
}

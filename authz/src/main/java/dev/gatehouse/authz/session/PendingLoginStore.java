package dev.gatehouse.authz.session;

import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import io.vertx.core.Future;

import java.util.List;
import java.util.Optional;

/** Stores logins that lack a factor. */
public final class PendingLoginStore {

    private static final String INSERT = """
        INSERT INTO pending_login (login_hash, browser_hash, sub, password_hash, authenticated_at, methods, provider, interaction_hash, client_id,
                                   again, onward, acr_values, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """;
    /** A user who was disabled, or who has a new password, begins a new login. */
    private static final String FIND = """
        SELECT pending.* FROM pending_login AS pending JOIN user_account AS account ON account.sub = pending.sub
        WHERE pending.login_hash = $1 AND pending.expires_at > $2 AND account.disabled = 0 AND account.password_hash = pending.password_hash
        """;
    private static final String TAKE = "DELETE FROM pending_login WHERE login_hash = $1";

    private final Database database;

    public PendingLoginStore(Database database) {
        this.database = database;
    }

    Future<Void> begin(PendingLogin login, String passwordHash) {
        LoginPlace place = login.place();
        return database.write(statements -> statements.update(INSERT, login.hash(), place.browserHash(), login.sub(), passwordHash,
            login.proof().authenticatedAt(), SpaceSeparated.write(login.proof().methods()), login.proof().provider(), place.interactionHash(),
            place.clientId(), place.again(), place.onward(), SpaceSeparated.write(place.acrValues()), login.expiresAt())).mapEmpty();
    }

    Future<Optional<PendingLogin>> find(String id, long now) {
        return database.read(FIND, SecretToken.hash(id), now).map(rows -> rows.stream().findFirst().map(PendingLoginStore::login));
    }

    /** Ends a pending login. Of several requests at once exactly one gets true. */
    Future<Boolean> take(PendingLogin login) {
        return database.write(statements -> statements.update(TAKE, login.hash())).map(rows -> rows > 0);
    }

    private static PendingLogin login(SqlRow row) {
        return new PendingLogin(row.text("login_hash"), row.text("sub"),
            new LoginPlace(row.text("browser_hash"), row.text("interaction_hash"), row.text("client_id"), false, row.text("again"),
                row.text("onward"), SpaceSeparated.readOrNone(row.text("acr_values")), null),
            new Proof(row.number("authenticated_at"), SpaceSeparated.read(row.text("methods")), row.text("provider")), row.number("expires_at"));
    }

    /** A login that lacks a factor. @param hash the hash of the identifier in the URL, which is of no use in another browser */
    record PendingLogin(String hash, String sub, LoginPlace place, Proof proof, long expiresAt) {
    }

    /**
     * The proof of a user's identity.
     *
     * @param authenticatedAt epoch milliseconds
     * @param methods the methods (RFC 8176); empty if an identity provider has authenticated the user
     * @param provider the identity provider, or null
     */
    public record Proof(long authenticatedAt, List<String> methods, String provider) {

        public Proof {
            methods = List.copyOf(methods);
        }
    }
}

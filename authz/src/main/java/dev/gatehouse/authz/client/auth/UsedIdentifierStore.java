package dev.gatehouse.authz.client.auth;

import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

/** Identifiers that count once: those of assertions and of proofs (RFC 7523 §3, RFC 9449 §11.1). */
public final class UsedIdentifierStore {

    private static final String INSERT = """
        INSERT INTO used_identifier (identifier_hash, expires_at) VALUES ($1, $2) ON CONFLICT (identifier_hash) DO NOTHING
        """;

    private final Database database;

    public UsedIdentifierStore(Database database) {
        this.database = database;
    }

    /**
     * Notes the use of an identifier, durably, before anything is given for it.
     *
     * @param kind what it identifies, with its issuer, so that two issuers may use the same identifier
     * @param identifier as it was sent; only a hash of it is kept
     * @param expiresAt epoch milliseconds, after which the thing itself is refused for its age
     * @return whether this is the first use; of many at once exactly one is
     */
    public Future<Boolean> use(String kind, String identifier, long expiresAt) {
        return database.write(statements -> use(statements, kind, identifier, expiresAt));
    }

    /** The same within a transaction. */
    public static Future<Boolean> use(Statements statements, String kind, String identifier, long expiresAt) {
        return statements.update(INSERT, SecretToken.hash(kind + '\n' + identifier), expiresAt).map(rows -> rows > 0);
    }
}

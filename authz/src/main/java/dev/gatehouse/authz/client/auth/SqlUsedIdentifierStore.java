package dev.gatehouse.authz.client.auth;

import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

/** The identifiers that were used, in the database. */
public final class SqlUsedIdentifierStore implements UsedIdentifierStore {

    private static final String INSERT = """
        INSERT INTO used_identifier (identifier_hash, expires_at) VALUES ($1, $2) ON CONFLICT (identifier_hash) DO NOTHING
        """;

    private final Database database;

    public SqlUsedIdentifierStore(Database database) {
        this.database = database;
    }

    @Override
    public Future<Boolean> use(String kind, String identifier, long expiresAt) {
        return database.write(statements -> use(statements, kind, identifier, expiresAt));
    }

    /** The same within a transaction. */
    public static Future<Boolean> use(Statements statements, String kind, String identifier, long expiresAt) {
        return statements.update(INSERT, SecretToken.hash(kind + '\n' + identifier), expiresAt).map(rows -> rows > 0);
    }
}

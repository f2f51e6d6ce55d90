package dev.gatehouse.authz.store.sql;

import dev.gatehouse.authz.store.UsedIdentifiers;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import io.vertx.core.Future;

/** The identifiers that were used, in the database. */
public final class SqlUsedIdentifiers implements UsedIdentifiers {

    private static final String INSERT = """
        INSERT INTO used_identifier (identifier_hash, expires_at) VALUES ($1, $2) ON CONFLICT (identifier_hash) DO NOTHING
        """;

    private final Database database;

    public SqlUsedIdentifiers(Database database) {
        this.database = database;
    }

    @Override
    public Future<Boolean> use(String kind, String identifier, long expiresAt) {
        String hash = SecretToken.hash(kind + '\n' + identifier);
        return database.write(statements -> statements.update(INSERT, hash, expiresAt)).map(rows -> rows > 0);
    }
}

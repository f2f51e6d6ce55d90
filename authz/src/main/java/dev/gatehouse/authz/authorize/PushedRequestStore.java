package dev.gatehouse.authz.authorize;

import dev.gatehouse.shared.sql.Database;
import io.vertx.core.Future;

import java.util.Optional;

/** Stores pushed authorization requests until they are used (RFC 9126). */
public final class PushedRequestStore {

    private static final String INSERT =
        "INSERT INTO pushed_request (request_hash, client_id, parameters, expires_at) VALUES ($1, $2, $3, $4)";
    private static final String FIND = """
        SELECT parameters FROM pushed_request
        WHERE request_hash = $1 AND client_id = $2 AND expires_at > $3 AND consumed_at IS NULL
        """;

    private final Database database;

    public PushedRequestStore(Database database) {
        this.database = database;
    }

    /**
     * Stores a request.
     *
     * @param parameters form-encoded, without the client's credentials
     * @param expiresAt epoch milliseconds
     */
    public Future<Void> push(String requestHash, String clientId, String parameters, long expiresAt) {
        return database.write(statements -> statements.update(INSERT, requestHash, clientId, parameters, expiresAt)).mapEmpty();
    }

    /** The parameters of an unused, unexpired request of this client. */
    public Future<Optional<String>> find(String requestHash, String clientId, long now) {
        return database.read(FIND, requestHash, clientId, now)
            .map(rows -> rows.stream().findFirst().map(row -> row.text("parameters")));
    }
}

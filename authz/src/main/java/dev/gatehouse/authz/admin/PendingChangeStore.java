package dev.gatehouse.authz.admin;

import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import static dev.gatehouse.authz.admin.PeopleStore.time;

/** Changes that wait for a second owner. */
public final class PendingChangeStore {

    private static final long LIFETIME = Duration.ofHours(24).toMillis();
    private static final String INSERT = """
        INSERT INTO pending_change (change_id, operation, request, requested_by, requested_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
        """;
    private static final String SELECT = """
        SELECT change.change_id, change.operation, change.request, change.requested_by, account.username, change.requested_at, change.expires_at
        FROM pending_change AS change JOIN user_account AS account ON account.sub = change.requested_by
        """;
    private static final String LIST = SELECT + "WHERE change.expires_at > $1 ORDER BY change.requested_at DESC LIMIT 200";
    private static final String ONE = SELECT + "WHERE change.change_id = $1 AND change.expires_at > $2";
    private static final String DELETE = "DELETE FROM pending_change WHERE change_id = $1";

    private final Database database;

    public PendingChangeStore(Database database) {
        this.database = database;
    }

    /** A change. @param request the path parameters and the body */
    record PendingChange(String id, String operation, JsonObject request, String requestedBy, String username, long requestedAt, long expiresAt) {

        JsonObject json() {
            return new JsonObject().put("change_id", id).put("operation", operation).put("path", request.getJsonObject("path")).put("body", request.getJsonObject("body"))
                .put("requested_by", requestedBy).put("username", username).put("requested_at", time(requestedAt)).put("expires_at", time(expiresAt));
        }
    }

    /** Stores a change until it is confirmed or expires. Returns its identifier. */
    Future<String> add(String operation, JsonObject request, String requestedBy, long now) {
        String id = "chg_" + SecretToken.encode(SecretToken.randomBytes(12));
        return database.write(statements -> statements.update(INSERT, id, operation, request.encode(), requestedBy, now, now + LIFETIME)).map(id);
    }

    Future<List<PendingChange>> list(long now) {
        return database.read(LIST, now).map(rows -> rows.stream().map(PendingChangeStore::change).toList());
    }

    Future<Optional<PendingChange>> find(String id, long now) {
        return database.read(ONE, id, now).map(rows -> rows.stream().findFirst().map(PendingChangeStore::change));
    }

    /** Removes a change. Returns false if it is gone: of two confirmations one removes it. */
    Future<Boolean> remove(String id) {
        return database.write(statements -> statements.update(DELETE, id)).map(rows -> rows > 0);
    }

    private static PendingChange change(SqlRow row) {
        return new PendingChange(row.text("change_id"), row.text("operation"), new JsonObject(row.text("request")), row.text("requested_by"), row.text("username"),
            row.number("requested_at"), row.number("expires_at"));
    }
}

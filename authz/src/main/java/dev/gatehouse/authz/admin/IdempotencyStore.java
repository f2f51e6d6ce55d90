package dev.gatehouse.authz.admin;

import dev.gatehouse.shared.secret.Sealer;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.time.Duration;

/** The responses to requests with an {@code Idempotency-Key}. They are sealed, because one may have a client secret. */
public final class IdempotencyStore {

    private static final long MEMORY = Duration.ofHours(24).toMillis();
    /** A request that died with its server blocks its key no longer than this. */
    private static final long LONGEST_RUN = Duration.ofMinutes(1).toMillis();
    private static final String BEGIN = """
        INSERT INTO idempotent_request (key_hash, fingerprint, sealed, expires_at) VALUES ($1, $2, NULL, $3)
        ON CONFLICT (key_hash) DO UPDATE SET fingerprint = excluded.fingerprint, sealed = NULL, expires_at = excluded.expires_at
        WHERE idempotent_request.expires_at <= $4
        """;
    private static final String FIND = "SELECT fingerprint, sealed FROM idempotent_request WHERE key_hash = $1";
    private static final String FINISH = "UPDATE idempotent_request SET sealed = $1, expires_at = $2 WHERE key_hash = $3";
    private static final String FORGET = "DELETE FROM idempotent_request WHERE key_hash = $1";

    private final Database database;
    private final Sealer sealer;

    public IdempotencyStore(Database database, Sealer sealer) {
        this.database = database;
        this.sealer = sealer;
    }

    /** The state of a key. */
    enum State {
        /** The request is the first one. */
        NEW,
        /** The first request has not been answered yet. */
        RUNNING,
        /** The first request was another one. */
        OTHER,
        /** The first request was answered. */
        ANSWERED
    }

    /** A key when a request uses it. @param answer the former answer, or null */
    record Use(State state, JsonObject answer) {
    }

    /** Begins the use of a key. @param owner the user and the client, who have keys of their own @param fingerprint the same for equal requests */
    Future<Use> begin(String owner, String key, String fingerprint, long now) {
        String hash = hash(owner, key);
        return database.write(statements -> statements.update(BEGIN, hash, fingerprint, now + LONGEST_RUN, now)
            .compose(begun -> begun > 0 ? Future.succeededFuture(new Use(State.NEW, null))
                : statements.query(FIND, hash).map(rows -> use(hash, rows.get(0), fingerprint))));
    }

    private Use use(String hash, SqlRow row, String fingerprint) {
        if (!row.text("fingerprint").equals(fingerprint)) {
            return new Use(State.OTHER, null);
        }
        byte[] sealed = row.bytes("sealed");
        return sealed == null ? new Use(State.RUNNING, null) : new Use(State.ANSWERED, new JsonObject(sealer.open(sealed, hash)));
    }

    /** Stores the answer. */
    Future<Void> finish(String owner, String key, JsonObject answer, long now) {
        String hash = hash(owner, key);
        return database.write(statements -> statements.update(FINISH, sealer.seal(answer.encode(), hash), now + MEMORY, hash)).mapEmpty();
    }

    /** Frees the key of a request that changed nothing. */
    Future<Void> forget(String owner, String key) {
        return database.write(statements -> statements.update(FORGET, hash(owner, key))).mapEmpty();
    }

    private static String hash(String owner, String key) {
        return SecretToken.hash(owner + "\n" + key);
    }
}

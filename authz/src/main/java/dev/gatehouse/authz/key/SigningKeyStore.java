package dev.gatehouse.authz.key;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.change.InvalidationStore;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;

/** Stores the signing keys. Each change of the set is announced to other processes. */
public final class SigningKeyStore {

    /**
     * A snapshot of all keys.
     *
     * @param generation the number of changes of the set
     */
    public record KeySet(long generation, List<StoredKey> keys) {
    }

    private static final String READ = """
        SELECT turn.generation, signing_key.kid, signing_key.algorithm, signing_key.public_jwk, signing_key.sealed_jwk,
               signing_key.created_at, signing_key.activates_at, signing_key.needed_until
        FROM signing_turn AS turn LEFT JOIN signing_key ON 1 = 1
        ORDER BY signing_key.activates_at, signing_key.kid
        """;
    private static final String TAKE_TURN =
        "UPDATE signing_turn SET generation = generation + 1 WHERE id = 1 AND generation = $1";
    private static final String COUNT = "UPDATE signing_turn SET generation = generation + 1 WHERE id = 1";
    private static final String INSERT = """
        INSERT INTO signing_key (kid, algorithm, public_jwk, sealed_jwk, created_at, activates_at, needed_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """;
    private static final String KEEP = """
        UPDATE signing_key SET needed_until = CASE WHEN needed_until < $1 THEN $2 ELSE needed_until END WHERE kid = $3
        """;
    private static final String DISCARD = "DELETE FROM signing_key WHERE kid = $1 AND needed_until <= $2";
    private static final String REMOVE = "DELETE FROM signing_key WHERE kid = $1";

    private final Database database;

    public SigningKeyStore(Database database) {
        this.database = database;
    }

    public Future<KeySet> read() {
        return database.read(READ).map(rows -> new KeySet(rows.get(0).number("generation"),
            rows.stream().filter(row -> row.text("kid") != null).map(SigningKeyStore::key).toList()));
    }

    /** Adds a key, unless the set has changed since this generation. Returns whether it was added: of concurrent calls one succeeds. */
    public Future<Boolean> add(StoredKey key, long generation) {
        return database.write(statements -> statements.update(TAKE_TURN, generation)
            .compose(won -> won == 0 ? Future.succeededFuture(false)
                : statements.update(INSERT, key.kid(), key.algorithm(), key.publicJwk(), key.sealedJwk(), key.createdAt(),
                    key.activatesAt(), key.neededUntil()).compose(done -> announce(statements, key.kid(), key.createdAt()))));
    }

    /** Records that a key is needed at least until this time. Returns false if the key does not exist any more. */
    public Future<Boolean> keep(String kid, long neededUntil) {
        return database.write(statements -> statements.update(KEEP, neededUntil, neededUntil, kid)).map(rows -> rows > 0);
    }

    /** Deletes a key that is not needed any more at this time. */
    public Future<Void> discard(String kid, long at) {
        return database.write(statements -> statements.update(DISCARD, kid, at)
            .compose(rows -> changed(statements, rows, kid, at))).mapEmpty();
    }

    /** Deletes a key even if it is needed. Returns false if there is none. */
    public Future<Boolean> remove(String kid, long at) {
        return database.write(statements -> statements.update(REMOVE, kid)
            .compose(rows -> changed(statements, rows, kid, at)));
    }

    private static Future<Boolean> changed(Statements statements, int rows, String kid, long at) {
        return rows == 0 ? Future.succeededFuture(false)
            : statements.update(COUNT).compose(done -> announce(statements, kid, at));
    }

    private static Future<Boolean> announce(Statements statements, String kid, long at) {
        return InvalidationStore.announce(statements, InvalidationKind.KEY, kid, at).map(true);
    }

    private static StoredKey key(SqlRow row) {
        return new StoredKey(row.text("kid"), row.text("algorithm"), row.text("public_jwk"), row.bytes("sealed_jwk"),
            row.number("created_at"), row.number("activates_at"), row.number("needed_until"));
    }

    /**
     * A stored signing key.
     *
     * @param kid the key identifier
     * @param algorithm the wire name of its algorithm
     * @param publicJwk the public JWK as JSON
     * @param sealedJwk the private JWK, encrypted with the key file
     * @param createdAt epoch milliseconds
     * @param activatesAt when it starts signing, epoch milliseconds
     * @param neededUntil when its last token expires, or later, epoch milliseconds
     */
    public record StoredKey(String kid, String algorithm, String publicJwk, byte[] sealedJwk, long createdAt, long activatesAt,
                            long neededUntil) {

        @Override
        public String toString() {
            return "StoredKey[" + kid + ", " + algorithm + "]";
        }
    }
}

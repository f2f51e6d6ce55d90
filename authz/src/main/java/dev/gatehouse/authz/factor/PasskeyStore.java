package dev.gatehouse.authz.factor;

import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import io.vertx.core.Future;

import java.util.List;
import java.util.Optional;

/** Stores the passkeys of users. */
public final class PasskeyStore {

    private static final String COLUMNS = "SELECT credential_id, sub, name, credential, sign_count, created_at, used_at FROM passkey ";
    private static final String FIND = COLUMNS + "WHERE credential_id = $1";
    private static final String LIST = COLUMNS + "WHERE sub = $1 ORDER BY created_at, credential_id";
    private static final String INSERT = """
        INSERT INTO passkey (credential_id, sub, name, credential, sign_count, created_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (credential_id) DO NOTHING
        """;
    private static final String USE = """
        UPDATE passkey SET sign_count = $1, used_at = $2 WHERE credential_id = $3 AND (sign_count < $1 OR $1 = 0 AND sign_count = 0)
        """;
    private static final String REMOVE = "DELETE FROM passkey WHERE sub = $1 AND credential_id = $2";

    private final Database database;

    public PasskeyStore(Database database) {
        this.database = database;
    }

    Future<Optional<StoredPasskey>> find(String credentialId) {
        return database.read(FIND, credentialId).map(rows -> rows.stream().findFirst().map(PasskeyStore::passkey));
    }

    Future<List<StoredPasskey>> of(String sub) {
        return database.read(LIST, sub).map(rows -> rows.stream().map(PasskeyStore::passkey).toList());
    }

    /** Adds a passkey. Returns false, without a change, if it is registered already. */
    Future<Boolean> add(StoredPasskey passkey) {
        return database.write(statements -> statements.update(INSERT, passkey.id(), passkey.sub(), passkey.name(), passkey.credential(),
            passkey.signCount(), passkey.createdAt())).map(rows -> rows > 0);
    }

    /** Records a use. Returns false if the signature count has not grown, which is a sign of a copy of the key (WebAuthn §7.2). */
    Future<Boolean> use(String credentialId, long signCount, long at) {
        return database.write(statements -> statements.update(USE, signCount, at, credentialId)).map(rows -> rows > 0);
    }

    /** Removes a passkey of a user. Returns false if the user has no such passkey. */
    Future<Boolean> remove(String sub, String credentialId) {
        return database.write(statements -> statements.update(REMOVE, sub, credentialId)).map(rows -> rows > 0);
    }

    private static StoredPasskey passkey(SqlRow row) {
        return new StoredPasskey(row.text("credential_id"), row.text("sub"), row.text("name"), row.bytes("credential"), row.number("sign_count"),
            row.number("created_at"), row.numberOrNull("used_at"));
    }

    /** A passkey. @param usedAt epoch milliseconds, or null */
    public record StoredPasskey(String id, String sub, String name, byte[] credential, long signCount, long createdAt, Long usedAt) {
    }
}

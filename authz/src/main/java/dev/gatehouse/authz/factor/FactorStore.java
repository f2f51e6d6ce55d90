package dev.gatehouse.authz.factor;

import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;
import java.util.Optional;

/** Stores the second factors of users. */
public final class FactorStore {

    private static final String FIND = """
        SELECT totp.sealed, totp.last_step, totp.created_at,
               (SELECT COUNT(*) FROM recovery_code WHERE recovery_code.sub = account.sub AND used_at IS NULL) AS codes,
               (SELECT COUNT(*) FROM passkey WHERE passkey.sub = account.sub) AS passkeys
        FROM user_account AS account LEFT JOIN totp_secret AS totp ON totp.sub = account.sub WHERE account.sub = $1
        """;
    private static final String ENROL = """
        INSERT INTO totp_secret (sub, sealed, last_step, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (sub) DO NOTHING
        """;
    private static final String USE_STEP = "UPDATE totp_secret SET last_step = $1 WHERE sub = $2 AND last_step < $1";
    private static final String REMOVE_APP = "DELETE FROM totp_secret WHERE sub = $1";
    private static final String REMOVE_PASSKEYS = "DELETE FROM passkey WHERE sub = $1";
    private static final String REMOVE_CODES = "DELETE FROM recovery_code WHERE sub = $1";
    private static final String REMOVE_USELESS_CODES = """
        DELETE FROM recovery_code WHERE sub = $1 AND NOT EXISTS (SELECT 1 FROM passkey WHERE passkey.sub = $1)
        """;
    private static final String ADD_CODE = "INSERT INTO recovery_code (sub, code_hash) VALUES ($1, $2)";
    private static final String USE_CODE = "UPDATE recovery_code SET used_at = $1 WHERE sub = $2 AND code_hash = $3 AND used_at IS NULL";

    private final Database database;

    public FactorStore(Database database) {
        this.database = database;
    }

    /** Returns the factors of a user. */
    Future<StoredFactors> of(String sub) {
        return database.read(FIND, sub).map(rows -> rows.isEmpty() ? new StoredFactors(Optional.empty(), 0, 0) : factors(rows.get(0)));
    }

    private static StoredFactors factors(SqlRow row) {
        Optional<StoredApp> app = row.numberOrNull("created_at") == null ? Optional.empty()
            : Optional.of(new StoredApp(row.bytes("sealed"), row.number("last_step"), row.number("created_at")));
        return new StoredFactors(app, (int) row.number("codes"), (int) row.number("passkeys"));
    }

    /**
     * Adds an authenticator app with new recovery codes.
     *
     * @param step the time step of the code that proved it
     * @return false, without a change, if the user has an app already
     */
    Future<Boolean> enrol(String sub, byte[] sealed, long step, List<String> codeHashes, long at) {
        return database.write(statements -> statements.update(ENROL, sub, sealed, step, at)
            .compose(added -> added == 0 ? Future.succeededFuture(false) : replaceCodes(statements, sub, codeHashes).map(true)));
    }

    /** Replaces the recovery codes. */
    Future<Void> replaceCodes(String sub, List<String> codeHashes) {
        return database.write(statements -> replaceCodes(statements, sub, codeHashes));
    }

    private static Future<Void> replaceCodes(Statements statements, String sub, List<String> codeHashes) {
        Future<?> done = statements.update(REMOVE_CODES, sub);
        for (String hash : codeHashes) {
            done = done.compose(before -> statements.update(ADD_CODE, sub, hash));
        }
        return done.mapEmpty();
    }

    /** Accepts the code of a time step. Of several at once exactly one is accepted. */
    Future<Boolean> useStep(String sub, long step) {
        return database.write(statements -> statements.update(USE_STEP, step, sub)).map(rows -> rows > 0);
    }

    /** Accepts a recovery code, once. */
    Future<Boolean> useCode(String sub, String codeHash, long at) {
        return database.write(statements -> statements.update(USE_CODE, at, sub, codeHash)).map(rows -> rows > 0);
    }

    /** Removes the authenticator app, and the recovery codes if the user has no passkey. Returns false if there is none. */
    Future<Boolean> removeApp(String sub) {
        return database.write(statements -> statements.update(REMOVE_USELESS_CODES, sub)
            .compose(codes -> statements.update(REMOVE_APP, sub))).map(rows -> rows > 0);
    }

    /** Removes all factors of a user but the password. Returns false if there is none. */
    public Future<Boolean> removeAll(String sub) {
        return database.write(statements -> statements.update(REMOVE_CODES, sub)
            .compose(codes -> statements.update(REMOVE_PASSKEYS, sub))
            .compose(passkeys -> statements.update(REMOVE_APP, sub).map(app -> app + passkeys))).map(rows -> rows > 0);
    }

    /** The factors of a user. @param recoveryCodes the number of unused ones @param passkeys their number */
    record StoredFactors(Optional<StoredApp> app, int recoveryCodes, int passkeys) {
    }

    /** An authenticator app. */
    record StoredApp(byte[] sealed, long lastStep, long createdAt) {
    }
}

package dev.gatehouse.authz.change;

import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Ends everything that was issued before a backup is restored. A backup does not know what was revoked or spent after it, so it must not
 * decide what is valid. Users, clients and consents stay.
 */
public final class RestoreStore {

    /**
     * The tables of a restored backup that stay as they are: accounts, clients, decisions, the audit trail, replay protection,
     * throttles, and the store's own rows.
     */
    public static final Set<String> KEPT = Set.of("administration", "audit_event", "audit_export", "audit_head", "client", "client_document",
        "client_registration", "client_secret", "consent", "directory_group", "document_decision", "external_identity", "invalidation", "key_check",
        "known_browser", "login_failure", "passkey", "policy_version", "recovery_code", "scim_user", "signing_turn", "totp_secret", "used_identifier",
        "user_account", "user_group", "user_role", "write_probe");

    /**
     * Rows before the rows that they belong to. The first statement of a table counts the live rows; the second ends the expired ones too, in
     * case a clock was wrong.
     */
    private static final List<Ending> ENDINGS = List.of(
        new Ending("refresh_token", "DELETE FROM refresh_token WHERE rotated_at IS NULL AND expires_at > $1"),
        new Ending("refresh_token", "DELETE FROM refresh_token"),
        new Ending("authorization_code", "DELETE FROM authorization_code WHERE consumed_at IS NULL AND expires_at > $1"),
        new Ending("authorization_code", "DELETE FROM authorization_code"),
        new Ending("access_token", "UPDATE access_token SET revoked_at = $1 WHERE revoked_at IS NULL AND expires_at > $1"),
        new Ending("access_token", "UPDATE access_token SET revoked_at = $1 WHERE revoked_at IS NULL"),
        new Ending("authorization_grant", "UPDATE authorization_grant SET revoked_at = $1 WHERE revoked_at IS NULL AND expires_at > $1"),
        new Ending("authorization_grant", "UPDATE authorization_grant SET revoked_at = $1 WHERE revoked_at IS NULL"),
        new Ending("browser_session", "DELETE FROM browser_session"),
        new Ending("interaction", "DELETE FROM interaction"),
        new Ending("pending_login", "DELETE FROM pending_login"),
        new Ending("mail_token", "DELETE FROM mail_token"),
        new Ending("outgoing_mail", "DELETE FROM outgoing_mail"),
        new Ending("federated_login", "DELETE FROM federated_login"),
        new Ending("upstream_session", "DELETE FROM upstream_session"),
        new Ending("device_authorization", "DELETE FROM device_authorization"),
        new Ending("pushed_request", "DELETE FROM pushed_request"),
        new Ending("initial_access_token", "DELETE FROM initial_access_token"),
        new Ending("pending_change", "DELETE FROM pending_change"),
        new Ending("idempotent_request", "DELETE FROM idempotent_request"),
        // A key may have been removed because it was compromised. Without its key no JWT of before is valid anywhere.
        new Ending("signing_key", "DELETE FROM signing_key"));

    private record Ending(String table, String sql) {

        Object[] parameters(long now) {
            return sql.contains("$1") ? new Object[] {now} : new Object[0];
        }
    }

    private RestoreStore() {
    }

    /** {@return the tables whose rows are ended} */
    public static Set<String> ended() {
        Set<String> tables = new TreeSet<>();
        ENDINGS.forEach(ending -> tables.add(ending.table()));
        return tables;
    }

    /**
     * Ends what was issued.
     *
     * @param statements the transaction that restores the backup
     * @param now epoch milliseconds
     * @return the number of live rows that were ended, by table
     */
    public static Future<Map<String, Long>> end(Statements statements, long now) {
        Map<String, Long> counts = new LinkedHashMap<>();
        Future<Void> done = Future.succeededFuture();
        for (Ending ending : ENDINGS) {
            done = done.compose(before -> statements.update(ending.sql(), ending.parameters(now))).map(rows -> {
                counts.putIfAbsent(ending.table(), (long) rows);
                return null;
            });
        }
        return done.map(counts);
    }
}

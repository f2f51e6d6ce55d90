package dev.gatehouse.authz;

import dev.gatehouse.shared.sql.PeriodicPurge.PurgeStep;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** The steps that delete expired rows. */
public final class PurgeSteps {

    /** A consumed code is kept this long, so that its replay revokes the tokens issued for it. */
    private static final Duration CODE_MEMORY = Duration.ofHours(1);
    /** Kept longer than needed, so that a clock that is set back by an hour allows no replay. */
    private static final Duration IDENTIFIER_MEMORY = Duration.ofHours(2);
    /** An expired code is kept this long, so that a polling device gets {@code expired_token}. */
    private static final Duration DEVICE_MEMORY = Duration.ofHours(1);
    /** Links count against the limit of an hour after their end. */
    private static final Duration MAIL_MEMORY = Duration.ofHours(1);
    /** All processes have read an invalidation long before. */
    private static final Duration INVALIDATION_MEMORY = Duration.ofHours(1);

    private static final Duration ADMINISTRATION_MEMORY = Duration.ofDays(30);
    /** The lifetime of the browser's cookie. */
    private static final Duration BROWSER_MEMORY = Duration.ofDays(365);

    /** An unused client with a metadata document; its document restores it at any time. */
    private static final Duration DOCUMENT_MEMORY = Duration.ofDays(1);
    private static final String DOCUMENTS_WITHOUT_GRANT = """
        DELETE FROM client WHERE client_id IN (SELECT client_document.client_id FROM client_document
        JOIN client ON client.client_id = client_document.client_id AND client.policy = '{}'
        WHERE consented_at <= $1 AND NOT EXISTS (SELECT 1 FROM authorization_grant
        WHERE authorization_grant.client_id = client_document.client_id) LIMIT $2)
        """;

    /** Self-registered clients that are unused for a long time and have no grant. */
    private static final String IDLE_CLIENTS = """
        DELETE FROM client WHERE client_id IN (
            SELECT client_registration.client_id FROM client_registration
            JOIN client AS idle ON idle.client_id = client_registration.client_id
            WHERE COALESCE(idle.used_at, idle.created_at) <= $1
              AND NOT EXISTS (SELECT 1 FROM authorization_grant
                              WHERE authorization_grant.client_id = idle.client_id AND authorization_grant.revoked_at IS NULL)
            LIMIT $2)
        """;

    private PurgeSteps() {
    }

    /**
     * Lists one step for each table. A grant is deleted before the tokens whose end shows that it is dead.
     *
     * @param clientsIdle the time without use after which a client is deleted
     * @param transaction the time a user has to answer a request, including pushed ones
     */
    public static List<PurgeStep> of(Clock clock, Duration clientsIdle, Duration transaction) {
        LongSupplier now = clock::millis;
        return List.of(
            expired("browser_session", "session_hash", now),
            expired("interaction", "interaction_hash", now),
            expired("pending_login", "login_hash", now),
            expired("mail_token", "token_hash", before(now, MAIL_MEMORY)),
            // The outbox reports a mail that it gives up. These rows are of a server that sends no mail any more.
            expired("outgoing_mail", "mail_id", before(now, MAIL_MEMORY)),
            expired("federated_login", "state_hash", now),
            expired("upstream_session", "session_id", now),
            expired("login_failure", "subject", now),
            expired("used_identifier", "identifier_hash", before(now, IDENTIFIER_MEMORY)),
            new PurgeStep("DELETE FROM known_browser WHERE seen_at <= $1 AND browser_hash IN (SELECT browser_hash FROM known_browser"
                + " WHERE seen_at <= $1 LIMIT $2)", before(now, BROWSER_MEMORY)),
            expired("authorization_grant", "grant_id", now),
            // Deletes the refresh tokens too, but not earlier: a rotated one must be recognized while the grant lives.
            // Its newest refresh token has expired unused, or its code was never redeemed: the grant cannot be used any more.
            grantsOf("refresh_token WHERE rotated_at IS NULL", now),
            grantsOf("authorization_code WHERE consumed_at IS NULL", before(now, CODE_MEMORY)),
            new PurgeStep(DOCUMENTS_WITHOUT_GRANT, before(now, DOCUMENT_MEMORY)),
            expired("authorization_code", "code_hash", before(now, CODE_MEMORY)),
            expired("pushed_request", "request_hash", before(now, transaction)),
            expired("device_authorization", "device_hash", before(now, DEVICE_MEMORY)),
            expired("initial_access_token", "token_hash", now),
            expired("pending_change", "change_id", now),
            expired("idempotent_request", "key_hash", now),
            new PurgeStep(IDLE_CLIENTS, before(now, clientsIdle)),
            expired("access_token", "token_hash", now),
            new PurgeStep("DELETE FROM administration WHERE seq IN (SELECT seq FROM administration WHERE copied_at <= $1 LIMIT $2)",
                before(now, ADMINISTRATION_MEMORY)),
            // In the order of the feed, and the newest row stays, so that a process that was suspended detects missed rows.
            new PurgeStep("DELETE FROM invalidation WHERE seq IN (SELECT seq FROM invalidation WHERE created_at <= $1"
                + " AND seq < (SELECT MAX(seq) FROM invalidation) ORDER BY seq LIMIT $2)",
                before(now, INVALIDATION_MEMORY)));
    }

    private static PurgeStep expired(String table, String key, LongSupplier cutoff) {
        return new PurgeStep("DELETE FROM " + table + " WHERE " + key + " IN (SELECT " + key + " FROM " + table
            + " WHERE expires_at <= $1 LIMIT $2)", cutoff);
    }

    private static PurgeStep grantsOf(String sign, LongSupplier cutoff) {
        return new PurgeStep("DELETE FROM authorization_grant WHERE grant_id IN (SELECT grant_id FROM " + sign
            + " AND expires_at <= $1 LIMIT $2)", cutoff);
    }

    private static LongSupplier before(LongSupplier now, Duration memory) {
        return () -> now.getAsLong() - memory.toMillis();
    }
}

package dev.gatehouse.authz.device;

import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.device.DeviceOutcome.Status;
import dev.gatehouse.authz.token.AccessToken;
import dev.gatehouse.authz.token.SqlGrantStatements;
import dev.gatehouse.authz.token.IssueRequest;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;
import java.util.Optional;

/** Devices that wait for people's approval, each a state machine in one row (RFC 8628). */
public final class DeviceStore {

    /** The grants of devices bear this instead of a redirect URI. */
    public static final String PLACE = "urn:ietf:params:oauth:grant-type:device_code";

    /** What a device that polls too fast has to wait longer from then on (RFC 8628 §3.5). */
    private static final long SLOWER_MILLIS = 5_000;

    /** How much too early a poll may come, since answers and requests do not take the same time each. */
    private static final long JITTER_MILLIS = 1_000;

    private static final String INSERT = """
        INSERT INTO device_authorization (device_hash, user_code_hash, client_id, scopes, resources, state, interval_millis, expires_at)
        VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7) ON CONFLICT (user_code_hash) DO NOTHING
        """;
    private static final String FIND_PENDING = """
        SELECT device_hash, client_id, scopes, resources, interval_millis, expires_at FROM device_authorization
        WHERE user_code_hash = $1 AND expires_at > $2 AND state = 'pending'
        """;
    private static final String APPROVE = """
        UPDATE device_authorization SET state = 'approved', sub = $1, authenticated_at = $2, decided_at = $3, grant_id = $4,
               grant_expires_at = $5
        WHERE user_code_hash = $6 AND state = 'pending' AND expires_at > $7
        """;
    private static final String DENY = """
        UPDATE device_authorization SET state = 'denied', sub = $1, decided_at = $2
        WHERE user_code_hash = $3 AND state = 'pending' AND expires_at > $4
        """;
    private static final String FIND = """
        SELECT device.client_id, device.scopes, device.resources, device.state, device.interval_millis, device.polled_at,
               device.expires_at, device.sub, device.grant_id, device.grant_expires_at, user_account.disabled AS user_disabled
        FROM device_authorization AS device LEFT JOIN user_account ON user_account.sub = device.sub
        WHERE device.device_hash = $1
        """;
    private static final String NOTE_POLL =
        "UPDATE device_authorization SET polled_at = $1, interval_millis = $2 WHERE device_hash = $3";
    private static final String REDEEM =
        "UPDATE device_authorization SET state = 'redeemed' WHERE device_hash = $1 AND state = 'approved'";
    private static final String INSERT_GRANT = """
        INSERT INTO authorization_grant (grant_id, sub, client_id, redirect_uri, scopes, resources, created_at, expires_at,
                                         authenticated_at)
        SELECT device.grant_id, device.sub, client.client_id, '""" + PLACE + """
        ', device.scopes, device.resources, device.decided_at, device.grant_expires_at, device.authenticated_at
        FROM device_authorization AS device JOIN client ON client.client_id = device.client_id WHERE device.device_hash = $1
        """;

    private final Database database;

    public DeviceStore(Database database) {
        this.database = database;
    }

    /** Stores a request. Returns false, storing nothing, where its user code is in use. */
    public Future<Boolean> begin(DeviceRequest request) {
        return database.write(statements -> statements.update(INSERT, request.deviceHash(), request.userCodeHash(),
            request.clientId(), request.scopes().toString(), SpaceSeparated.write(request.resources()), request.intervalMillis(),
            request.expiresAt())).map(rows -> rows > 0);
    }

    /** The request that somebody's code stands for, while nobody has decided on it and it has not expired. */
    public Future<Optional<DeviceRequest>> findPending(String userCodeHash, long now) {
        return database.read(FIND_PENDING, userCodeHash, now).map(rows -> rows.stream().findFirst()
            .map(row -> new DeviceRequest(row.text("device_hash"), userCodeHash, row.text("client_id"),
                Scopes.parse(row.text("scopes")), SpaceSeparated.read(row.text("resources")), row.number("interval_millis"),
                row.number("expires_at"))));
    }

    /** Approves a request. Returns false where it was decided before or has expired. */
    public Future<Boolean> approve(String userCodeHash, DeviceApproval approval) {
        return database.write(statements -> statements.update(APPROVE, approval.sub(), approval.authenticatedAt(), approval.at(),
            approval.grantId(), approval.grantExpiresAt(), userCodeHash, approval.at())).map(rows -> rows > 0);
    }

    /** Denies a request. Returns false where it was decided before or has expired. */
    public Future<Boolean> deny(String userCodeHash, String sub, long at) {
        return database.write(statements -> statements.update(DENY, sub, at, userCodeHash, at)).map(rows -> rows > 0);
    }

    /**
     * Takes a poll; stores tokens for the first that comes after the approval, and for no other.
     *
     * @param resources what the access token is asked for; empty for all that was approved
     */
    public Future<DeviceOutcome> poll(String deviceHash, String clientId, List<String> resources, IssueRequest issue) {
        return database.write(statements -> statements.query(FIND, deviceHash)
            .compose(rows -> rows.isEmpty() ? Future.succeededFuture(DeviceOutcome.of(Status.UNKNOWN))
                : decide(statements, rows.get(0), deviceHash, clientId, resources, issue)));
    }

    private static Future<DeviceOutcome> decide(Statements statements, SqlRow device, String deviceHash, String clientId,
                                                List<String> resources, IssueRequest issue) {
        Status status = status(device, clientId, resources, issue);
        return switch (status) {
            case PENDING, TOO_FAST -> notePoll(statements, device, deviceHash, status, issue.at());
            case REDEEMED -> redeem(statements, device, deviceHash, resources, issue);
            default -> Future.succeededFuture(DeviceOutcome.of(status));
        };
    }

    /** Who is not the client learns nothing but that. */
    private static Status status(SqlRow device, String clientId, List<String> resources, IssueRequest issue) {
        if (!device.text("client_id").equals(clientId)) {
            return Status.OTHER_CLIENT;
        }
        String state = device.text("state");
        if (state.equals("redeemed")) {
            return Status.SPENT;
        }
        if (device.number("expires_at") <= issue.at()) {
            return Status.EXPIRED;
        }
        return switch (state) {
            case "denied" -> Status.DENIED;
            case "approved" -> device.number("user_disabled") != 0 ? Status.USER_DISABLED
                : SqlGrantStatements.covers(device, resources, issue.limits()) ? Status.REDEEMED : Status.INVALID_TARGET;
            default -> isTooFast(device, issue.at()) ? Status.TOO_FAST : Status.PENDING;
        };
    }

    private static boolean isTooFast(SqlRow device, long at) {
        Long polledAt = device.numberOrNull("polled_at");
        return polledAt != null && at - polledAt < device.number("interval_millis") - JITTER_MILLIS;
    }

    private static Future<DeviceOutcome> notePoll(Statements statements, SqlRow device, String deviceHash, Status status, long at) {
        long interval = device.number("interval_millis") + (status == Status.TOO_FAST ? SLOWER_MILLIS : 0);
        return statements.update(NOTE_POLL, at, interval, deviceHash).map(DeviceOutcome.of(status));
    }

    /** Of several that come this far at once, on however many nodes, the condition lets one win. */
    private static Future<DeviceOutcome> redeem(Statements statements, SqlRow device, String deviceHash, List<String> resources,
                                                IssueRequest issue) {
        return statements.update(REDEEM, deviceHash).compose(won -> won == 0
            ? Future.succeededFuture(DeviceOutcome.of(Status.SPENT))
            : statements.update(INSERT_GRANT, deviceHash).compose(stored -> stored == 0
                ? Future.succeededFuture(DeviceOutcome.of(Status.UNKNOWN)) : issue(statements, device, resources, issue)));
    }

    private static Future<DeviceOutcome> issue(Statements statements, SqlRow device, List<String> resources, IssueRequest issue) {
        AccessToken token = SqlGrantStatements.accessToken(device, Scopes.NONE, resources, issue);
        Future<AccessToken> stored = SqlGrantStatements.insertAccess(statements, token);
        if (issue.refreshHash() != null) {
            stored = stored.compose(access -> SqlGrantStatements.insertRefresh(statements, device, issue).map(access));
        }
        return stored.map(access -> new DeviceOutcome(Status.REDEEMED, token.grantId(), access));
    }

    /**
     * A person's word for a device.
     *
     * @param grantId the family that its tokens will belong to
     * @param authenticatedAt when the person gave a password, epoch milliseconds
     * @param at epoch milliseconds
     * @param grantExpiresAt epoch milliseconds: no token of the family outlives it
     */
    public record DeviceApproval(String grantId, String sub, long authenticatedAt, long at, long grantExpiresAt) {
    }

    /**
     * A device that waits for a person to approve it (RFC 8628 §3.1).
     *
     * @param userCodeHash of what the person types, made with a key
     * @param scopes at least one
     * @param resources canonical identifiers, at least one
     * @param intervalMillis between two polls
     * @param expiresAt epoch milliseconds
     */
    public record DeviceRequest(String deviceHash, String userCodeHash, String clientId, Scopes scopes, List<String> resources,
                                long intervalMillis, long expiresAt) {

        public DeviceRequest {
            resources = List.copyOf(resources);
        }
    }
}

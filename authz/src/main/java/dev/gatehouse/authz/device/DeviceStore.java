package dev.gatehouse.authz.device;

import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.device.DeviceRules.Outcome;
import dev.gatehouse.authz.device.DeviceRules.Poll;
import dev.gatehouse.authz.device.DeviceRules.Reason;
import dev.gatehouse.authz.device.DeviceRules.Redeemed;
import dev.gatehouse.authz.device.DeviceRules.Refused;
import dev.gatehouse.authz.device.DeviceRules.State;
import dev.gatehouse.authz.device.DeviceRules.StoredDevice;
import dev.gatehouse.authz.device.DeviceRules.Waiting;
import dev.gatehouse.authz.scope.CurrentAllowance.Granted;
import dev.gatehouse.authz.scope.LoginClaims;
import dev.gatehouse.authz.token.GrantStore;
import dev.gatehouse.authz.token.GrantStore.StoredGrant;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Devices that wait for people's approval, each a state machine in one row (RFC 8628). */
public final class DeviceStore {

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
               grant_expires_at = $5, scopes = $6, methods = $7
        WHERE user_code_hash = $8 AND state = 'pending' AND expires_at > $9
        """;
    private static final String DENY = """
        UPDATE device_authorization SET state = 'denied', sub = $1, decided_at = $2
        WHERE user_code_hash = $3 AND state = 'pending' AND expires_at > $4
        """;
    private static final String FIND = """
        SELECT device.client_id, device.scopes, device.resources, device.state, device.interval_millis, device.polled_at,
               device.expires_at, device.sub, device.grant_id, device.grant_expires_at, device.decided_at, device.authenticated_at, device.methods,
               user_account.disabled AS user_disabled
        FROM device_authorization AS device LEFT JOIN user_account ON user_account.sub = device.sub
        WHERE device.device_hash = $1
        """;
    private static final String NOTE_POLL =
        "UPDATE device_authorization SET polled_at = $1, interval_millis = $2 WHERE device_hash = $3";
    private static final String REDEEM =
        "UPDATE device_authorization SET state = 'redeemed' WHERE device_hash = $1 AND state = 'approved'";
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

    /** The pending and unexpired request of a user code. */
    public Future<Optional<DeviceRequest>> findPending(String userCodeHash, long now) {
        return database.read(FIND_PENDING, userCodeHash, now).map(rows -> rows.stream().findFirst()
            .map(row -> new DeviceRequest(row.text("device_hash"), userCodeHash, row.text("client_id"),
                Scopes.parse(row.text("scopes")), SpaceSeparated.read(row.text("resources")), row.number("interval_millis"),
                row.number("expires_at"))));
    }

    /** Approves a request. Returns false where it was decided before or has expired. */
    public Future<Boolean> approve(String userCodeHash, DeviceApproval approval) {
        return database.write(statements -> statements.update(APPROVE, approval.sub(), approval.login().authenticatedAt(), approval.at(),
            approval.grantId(), approval.grantExpiresAt(), approval.scopes().toString(), approval.login().storedMethods(), userCodeHash, approval.at())).map(rows -> rows > 0);
    }

    /** Denies a request. Returns false where it was decided before or has expired. */
    public Future<Boolean> deny(String userCodeHash, String sub, long at) {
        return database.write(statements -> statements.update(DENY, sub, at, userCodeHash, at)).map(rows -> rows > 0);
    }

    /** Takes a poll. The first one after the approval stores tokens, and no other does. */
    Future<Outcome> poll(Poll poll) {
        return database.write(statements -> statements.query(FIND, poll.deviceHash())
            .compose(rows -> rows.isEmpty() ? Future.succeededFuture(new Refused(Reason.UNKNOWN)) : poll(statements, poll, device(rows.get(0)))));
    }

    private static Future<Outcome> poll(Statements statements, Poll poll, StoredDevice device) {
        Outcome outcome = DeviceRules.decide(device, poll);
        if (outcome instanceof Redeemed redeemed) {
            return redeem(statements, poll, device, redeemed);
        }
        return !(outcome instanceof Waiting waiting) ? Future.succeededFuture(outcome)
            : statements.update(NOTE_POLL, poll.issue().at(), waiting.intervalMillis(), poll.deviceHash()).map(outcome);
    }

    /** Of several concurrent polls, on however many nodes, the condition lets one win. */
    private static Future<Outcome> redeem(Statements statements, Poll poll, StoredDevice device, Redeemed redeemed) {
        return statements.update(REDEEM, poll.deviceHash()).compose(won -> won == 0 ? Future.succeededFuture(new Refused(Reason.SPENT))
            : GrantStore.insert(statements, device.grant(), GrantType.DEVICE_CODE.wireName(), device.login())
                .compose(stored -> !stored ? Future.succeededFuture(new Refused(Reason.UNKNOWN))
                    : GrantStore.issue(statements, device.grant(), poll.issue(), redeemed.token()).map(Redeemed::new)));
    }

    private static StoredDevice device(SqlRow row) {
        Granted asked = new Granted(Scopes.parse(row.text("scopes")), SpaceSeparated.read(row.text("resources")));
        StoredGrant grant = row.text("grant_id") == null ? null : new StoredGrant(row.text("grant_id"), row.text("client_id"), row.text("sub"),
            asked, row.number("decided_at"), row.number("grant_expires_at"), false, row.number("user_disabled") != 0);
        return new StoredDevice(row.text("client_id"), asked, State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
            row.number("interval_millis"), row.numberOrNull("polled_at"), row.number("expires_at"), grant,
            new LoginClaims(row.numberOrNull("authenticated_at"), SpaceSeparated.readOrNone(row.text("methods"))));
    }

    /**
     * A person's approval of a device.
     *
     * @param grantId the family that its tokens will belong to
     * @param scopes those that the page showed
     * @param login the login in whose session the user approved
     * @param at epoch milliseconds
     * @param grantExpiresAt epoch milliseconds: no token of the family outlives it
     */
    public record DeviceApproval(String grantId, String sub, Scopes scopes, LoginClaims login, long at, long grantExpiresAt) {
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

        /** The same request with other scopes; none if the person can have none. */
        DeviceRequest withScopes(Scopes other) {
            return new DeviceRequest(deviceHash, userCodeHash, clientId, other, resources, intervalMillis, expiresAt);
        }
    }
}

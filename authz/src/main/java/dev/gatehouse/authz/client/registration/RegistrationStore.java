package dev.gatehouse.authz.client.registration;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.change.InvalidationStore;
import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.client.ClientStore;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;
import java.util.Optional;

/** Stores self-registered clients and initial access tokens. */
public final class RegistrationStore {

    /** The outcome of a registration. */
    public enum Outcome {
        ADDED,
        /** The maximum number of clients is reached and all are in use. */
        FULL,
        /** The initial access token is unknown, expired or used up. */
        UNAUTHORIZED
    }

    private static final String USE_INITIAL_TOKEN = """
        UPDATE initial_access_token SET uses_left = uses_left - 1 WHERE token_hash = $1 AND uses_left > 0 AND expires_at > $2
        """;
    private static final String COUNT = "SELECT COUNT(*) AS clients FROM client_registration";
    private static final String INSERT =
        "INSERT INTO client_registration (client_id, token_hash, fingerprint, source, created_at) VALUES ($1, $2, $3, $4, $5)";
    private static final String SUPERFLUOUS = """
        SELECT client_id FROM (
            SELECT client_registration.client_id, client_registration.created_at FROM client_registration
            JOIN client ON client.client_id = client_registration.client_id
            WHERE client_registration.fingerprint = $1 AND client.used_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM authorization_grant WHERE authorization_grant.client_id = client.client_id)
            ORDER BY client_registration.created_at DESC, client_registration.client_id LIMIT 1000 OFFSET $2) AS alike
        WHERE created_at <= $3 LIMIT 10
        """;
    /** Unused clients without a decision of the operator: those of the source with most of them first, then the oldest. */
    private static final String NOISIEST = """
        WITH unused AS (
            SELECT client_registration.client_id, client_registration.source, client_registration.created_at FROM client_registration
            JOIN client ON client.client_id = client_registration.client_id
            WHERE client.used_at IS NULL AND client.policy IN ('{}', $1)
              AND NOT EXISTS (SELECT 1 FROM authorization_grant WHERE authorization_grant.client_id = client.client_id)),
        noise AS (SELECT source, COUNT(*) AS clients FROM unused GROUP BY source)
        SELECT unused.client_id FROM unused JOIN noise ON noise.source = unused.source
        ORDER BY noise.clients DESC, unused.source, unused.created_at, unused.client_id LIMIT $2
        """;
    /** The search is slow, so it makes room for several registrations. */
    private static final int ROOM_IN_A_HUNDRED = 1;
    private static final String BY_TOKEN = "SELECT client_id FROM client_registration WHERE token_hash = $1";
    private static final String UPDATE = """
        UPDATE client SET name = $1, auth_methods = $2, redirect_uris = $3, grant_types = $4, scopes = $5, metadata = $6
        WHERE client_id = $7 AND client_id IN (SELECT client_id FROM client_registration WHERE token_hash = $8)
        """;
    private static final String NOTE_USE = "UPDATE client SET used_at = $1 WHERE client_id = $2 AND (used_at IS NULL OR used_at < $1)";
    private static final String DELETE_SECRETS = "DELETE FROM client_secret WHERE client_id = $1";
    private static final String ALLOW =
        "INSERT INTO initial_access_token (token_hash, uses_left, created_at, expires_at) VALUES ($1, $2, $3, $4)";

    private final Database database;
    private final ClientStore clients;

    public RegistrationStore(Database database) {
        this.database = database;
        this.clients = new ClientStore(database);
    }

    /**
     * Adds a client, in one transaction.
     *
     * @return the outcome; nothing changes unless the client was added
     */
    public Future<Outcome> register(Registration registration) {
        return database.write(statements -> statements.lock("registrations").compose(locked -> statements.query(COUNT))
            .compose(rows -> rows.get(0).number("clients") < registration.mostClients() ? addIfAuthorized(statements, registration)
                : makeRoom(statements, registration)));
    }

    private static Future<Outcome> makeRoom(Statements statements, Registration registration) {
        return statements.query(NOISIEST, registration.usualPolicy().toJson().encode(),
                1 + registration.mostClients() * ROOM_IN_A_HUNDRED / 100)
            .compose(rows -> rows.isEmpty() ? Future.succeededFuture(Outcome.FULL)
                : addIfAuthorized(statements, registration).compose(outcome -> outcome == Outcome.ADDED
                    ? deleteAll(statements, rows, registration.client().createdAt()).map(outcome) : Future.succeededFuture(outcome)));
    }

    private static Future<Outcome> addIfAuthorized(Statements statements, Registration registration) {
        return authorize(statements, registration)
            .compose(authorized -> authorized ? add(statements, registration) : Future.succeededFuture(Outcome.UNAUTHORIZED));
    }

    private static Future<Boolean> authorize(Statements statements, Registration registration) {
        return registration.initialTokenHash() == null ? Future.succeededFuture(true)
            : statements.update(USE_INITIAL_TOKEN, registration.initialTokenHash(), registration.client().createdAt())
                .map(used -> used > 0);
    }

    private static Future<Outcome> add(Statements statements, Registration registration) {
        Client client = registration.client();
        return ClientStore.insert(statements, client)
            .compose(added -> statements.update(INSERT, client.id(), registration.tokenHash(), registration.fingerprint(),
                registration.sourceHash(), client.createdAt()))
            .compose(added -> statements.query(SUPERFLUOUS, registration.fingerprint(), registration.mostAlike(), registration.spared()))
            .compose(rows -> deleteAll(statements, rows, client.createdAt()))
            .map(Outcome.ADDED);
    }

    private static Future<Void> deleteAll(Statements statements, List<SqlRow> rows, long at) {
        Future<Void> deleted = Future.succeededFuture();
        for (SqlRow row : rows) {
            String clientId = row.text("client_id");
            deleted = deleted.compose(before -> ClientStore.end(statements, clientId, at)).mapEmpty();
        }
        return deleted;
    }

    /** The client of a registration access token (RFC 7592 §2). */
    public Future<Optional<Client>> findByToken(String tokenHash) {
        return database.read(BY_TOKEN, tokenHash).compose(rows -> rows.isEmpty()
            ? Future.succeededFuture(Optional.empty()) : clients.find(rows.get(0).text("client_id")));
    }

    /** Replaces the metadata of a client. Returns false if the token does not belong to the client any more. */
    public Future<Boolean> update(Client client, String tokenHash, long at) {
        return database.write(statements -> statements.update(UPDATE, client.name(), ClientStore.authMethods(client),
                SpaceSeparated.write(client.redirectUris()), SpaceSeparated.write(client.grantTypes().stream().sorted().toList()),
                client.scopes().toString(), client.metadata().members().encode(), client.id(), tokenHash)
            .compose(updated -> updated == 0 ? Future.succeededFuture(false) : replaceSecrets(statements, client, at)));
    }

    private static Future<Boolean> replaceSecrets(Statements statements, Client client, long at) {
        return statements.update(DELETE_SECRETS, client.id())
            .compose(deleted -> ClientStore.addSecrets(statements, client))
            .compose(added -> InvalidationStore.announce(statements, InvalidationKind.CLIENT, client.id(), at))
            .map(true);
    }

    /** Records the use of a client. @param at epoch milliseconds */
    public Future<Void> noteUse(String clientId, long at) {
        return database.write(statements -> statements.update(NOTE_USE, at, clientId)).mapEmpty();
    }

    /** Stores an initial access token for a number of registrations. @param expiresAt epoch milliseconds */
    public Future<Void> allow(String initialTokenHash, int registrations, long createdAt, long expiresAt) {
        return database.write(statements -> statements.update(ALLOW, initialTokenHash, registrations, createdAt, expiresAt)).mapEmpty();
    }

    /**
     * A dynamic registration.
     *
     * @param tokenHash the hash of the registration access token
     * @param fingerprint the same for equal metadata from the same source
     * @param sourceHash the hash of the source address
     * @param initialTokenHash the hash of the initial access token; null if none is required
     * @param mostClients the maximum number of self-registered clients, including this one
     * @param mostAlike the maximum number of unused clients with this fingerprint; the oldest are removed
     * @param usualPolicy the policy of clients without a decision of the operator; only those are removed
     * @param spared clients registered after this time are not removed, epoch milliseconds
     */
    public record Registration(Client client, String tokenHash, String fingerprint, String sourceHash, String initialTokenHash,
                               int mostClients, int mostAlike, ClientPolicy usualPolicy, long spared) {
    }
}

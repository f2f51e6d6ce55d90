package dev.gatehouse.authz.client;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.change.InvalidationStore;
import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.client.Client.RegistrationKind;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The registered clients and their secrets. */
public final class ClientStore implements ClientLookup {

    private static final String COLUMNS = """
        SELECT client.client_id, client.name, client.auth_methods, client.redirect_uris, client.grant_types,
               client.scopes, client.served_resources, client.created_at, client.kind, client.metadata, client.policy,
               client_secret.hash AS secret_hash, client_secret.created_at AS secret_created_at,
               client_secret.expires_at AS secret_expires_at
        FROM client LEFT JOIN client_secret ON client_secret.client_id = client.client_id
        """;
    private static final String BY_ID = COLUMNS + "WHERE client.client_id = $1 ORDER BY secret_created_at DESC";
    private static final String ALL = COLUMNS + "ORDER BY client.client_id, secret_created_at DESC";
    private static final String PAGE = COLUMNS + """
        WHERE client.client_id IN (SELECT client_id FROM client WHERE client_id > $1 AND ($2 = '' OR kind = $2)
            AND (LOWER(client_id) LIKE LOWER(CAST($3 AS TEXT)) ESCAPE '\\' OR LOWER(name) LIKE LOWER(CAST($3 AS TEXT)) ESCAPE '\\') ORDER BY client_id LIMIT $4)
        ORDER BY client.client_id, secret_created_at DESC
        """;
    private static final String INSERT = """
        INSERT INTO client (client_id, name, auth_methods, redirect_uris, grant_types, scopes, served_resources, created_at,
                            kind, metadata, policy)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (client_id) DO NOTHING
        """;
    private static final String UPDATE = """
        UPDATE client SET name = $1, auth_methods = $2, redirect_uris = $3, grant_types = $4, scopes = $5,
                          served_resources = $6, metadata = $7, policy = $8
        WHERE client_id = $9
        """;
    private static final String INSERT_SECRET =
        "INSERT INTO client_secret (client_id, hash, created_at, expires_at) VALUES ($1, $2, $3, $4)";
    private static final String END_SECRETS = """
        UPDATE client_secret SET expires_at = $1 WHERE client_id = $2 AND (expires_at IS NULL OR expires_at > $1)
        """;
    /** All else hangs on the client's row. */
    private static final String END_DEVICES = """
        UPDATE device_authorization SET state = 'denied' WHERE client_id = $1 AND state IN ('pending', 'approved')
        """;
    private static final String DELETE = "DELETE FROM client WHERE client_id = $1";
    private static final String EXISTS = "SELECT client_id FROM client WHERE client_id = $1";

    private final Database database;

    public ClientStore(Database database) {
        this.database = database;
    }

    /** Adds a client with its secrets. Returns false, changing nothing, when the identifier is taken. */
    public Future<Boolean> add(Client client) {
        return database.write(statements -> insert(statements, client));
    }

    public static Future<Boolean> insert(Statements statements, Client client) {
        return statements.update(INSERT, client.id(), client.name(), authMethods(client),
            SpaceSeparated.write(client.redirectUris()), SpaceSeparated.write(client.grantTypes().stream().sorted().toList()),
            client.scopes().toString(), SpaceSeparated.write(client.servedResources()), client.createdAt(),
            client.kind().wireName(), client.metadata().members().encode(), client.policy().toJson().encode())
            .compose(added -> added == 0 ? Future.succeededFuture(false) : addSecrets(statements, client));
    }

    public static String authMethods(Client client) {
        return SpaceSeparated.write(client.authMethods().stream().map(ClientAuthMethod::wireName).sorted().toList());
    }

    public static Future<Boolean> addSecrets(Statements statements, Client client) {
        Future<Integer> added = Future.succeededFuture(0);
        for (Client.Secret secret : client.secrets()) {
            added = added.compose(before -> addSecret(statements, client.id(), secret));
        }
        return added.compose(all -> InvalidationStore.announce(statements, InvalidationKind.CLIENT, client.id(), client.createdAt()))
            .map(true);
    }

    private static Future<Integer> addSecret(Statements statements, String clientId, Client.Secret secret) {
        return statements.update(INSERT_SECRET, clientId, secret.hash(), secret.createdAt(), secret.expiresAt());
    }

    @Override
    public Future<Optional<Client>> find(String clientId) {
        return database.read(BY_ID, clientId).map(rows -> clients(rows).stream().findFirst());
    }

    /** Changes all of a client but its secrets. Returns false when there is none. @param at epoch milliseconds */
    public Future<Boolean> update(Client client, long at) {
        return database.write(statements -> update(statements, client, at));
    }

    /**
     * Reads a client, edits it and writes it in one transaction.
     *
     * @param edit returns the changed client, or fails
     * @return the changed client; empty when there is none
     */
    public Future<Optional<Client>> edit(String clientId, UnaryOperator<Client> edit, long at) {
        return database.write(statements -> read(statements, clientId).map(found -> found.map(edit))
            .compose(changed -> changed.isEmpty() ? Future.succeededFuture(changed) : update(statements, changed.get(), at).map(changed)));
    }

    /** Reads a client, checks it and deletes it in one transaction. Returns false when there is none. @param check fails if the client must stay */
    public Future<Boolean> delete(String clientId, Consumer<Client> check, long at) {
        return database.write(statements -> read(statements, clientId).map(found -> {
            found.ifPresent(check);
            return found.isPresent();
        }).compose(exists -> exists ? end(statements, clientId, at) : Future.succeededFuture(false)));
    }

    private static Future<Optional<Client>> read(Statements statements, String clientId) {
        return statements.lock("administration of client " + clientId).compose(held -> statements.query(BY_ID, clientId))
            .map(rows -> clients(rows).stream().findFirst());
    }

    private static Future<Boolean> update(Statements statements, Client client, long at) {
        return statements.update(UPDATE, client.name(), authMethods(client),
                SpaceSeparated.write(client.redirectUris()), SpaceSeparated.write(client.grantTypes().stream().sorted().toList()),
                client.scopes().toString(), SpaceSeparated.write(client.servedResources()), client.metadata().members().encode(),
                client.policy().toJson().encode(), client.id())
            .compose(rows -> rows == 0 ? Future.succeededFuture(false)
                : InvalidationStore.announce(statements, InvalidationKind.CLIENT, client.id(), at).map(true));
    }

    /** All clients by identifier. */
    public Future<List<Client>> list() {
        return database.read(ALL).map(ClientStore::clients);
    }

    /**
     * The clients after an identifier that match.
     *
     * @param kind the wire name of the kind; empty for all
     * @param pattern a pattern of LIKE for the identifier or the name
     */
    public Future<List<Client>> page(String after, String kind, String pattern, int limit) {
        return database.read(PAGE, after, kind, pattern, (long) limit).map(ClientStore::clients);
    }

    /** Removes a client with everything granted to it. Returns false when there is none. */
    public Future<Boolean> delete(String clientId, long at) {
        return database.write(statements -> end(statements, clientId, at));
    }

    /** The same as a step of a transaction. */
    public static Future<Boolean> end(Statements statements, String clientId, long at) {
        return InvalidationStore.announceEnd(statements, clientId, at)
            .compose(announced -> statements.update(END_DEVICES, clientId))
            .compose(devices -> statements.update(DELETE, clientId))
            .map(rows -> rows > 0);
    }

    /**
     * Gives a client a new secret. The earlier ones end at this time (epoch milliseconds).
     * Returns false when there is no such client.
     */
    public Future<Boolean> rotateSecret(String clientId, Client.Secret secret, long othersEndAt) {
        return database.write(statements -> statements.lock("secrets " + clientId).compose(locked -> statements.query(EXISTS, clientId))
            .compose(rows -> rows.isEmpty() ? Future.succeededFuture(false)
                : rotate(statements, clientId, secret, othersEndAt)));
    }

    private static Future<Boolean> rotate(Statements statements, String clientId, Client.Secret secret, long othersEndAt) {
        return statements.update(END_SECRETS, othersEndAt, clientId)
            .compose(ended -> addSecret(statements, clientId, secret))
            .compose(added -> InvalidationStore.announce(statements, InvalidationKind.CLIENT, clientId, secret.createdAt()))
            .map(true);
    }

    private static List<Client> clients(List<SqlRow> rows) {
        Map<String, List<SqlRow>> byClient = rows.stream().collect(
            Collectors.groupingBy(row -> row.text("client_id"), LinkedHashMap::new, Collectors.toCollection(ArrayList::new)));
        return byClient.values().stream().map(ClientStore::client).toList();
    }

    private static Client client(List<SqlRow> rows) {
        SqlRow row = rows.get(0);
        List<Client.Secret> secrets = rows.stream().filter(each -> each.text("secret_hash") != null)
            .map(each -> new Client.Secret(each.text("secret_hash"), each.number("secret_created_at"),
                each.numberOrNull("secret_expires_at")))
            .toList();
        return new Client(row.text("client_id"), row.text("name"), secrets,
            SpaceSeparated.read(row.text("auth_methods")).stream().map(ClientAuthMethod::of).collect(Collectors.toSet()),
            SpaceSeparated.read(row.text("redirect_uris")), Set.copyOf(SpaceSeparated.read(row.text("grant_types"))),
            Scopes.parse(row.text("scopes")), SpaceSeparated.read(row.text("served_resources")), row.number("created_at"),
            RegistrationKind.of(row.text("kind")), new ClientMetadata(new JsonObject(row.text("metadata"))),
            ClientPolicy.of(new JsonObject(row.text("policy"))));
    }
}

package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.AuthorizationRequest;
import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.scope.CurrentAllowance.Granted;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import io.vertx.core.Future;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Stores remembered consents, so that users are not asked again. */
public final class ConsentStore {

    private static final String FIND = """
        SELECT scopes FROM consent WHERE sub = $1 AND client_id = $2 AND redirect_uri = $3 AND resources = $4
        """;
    private static final String REMEMBER = """
        INSERT INTO consent (sub, client_id, redirect_uri, resources, scopes, granted_at)
        SELECT $1, client.client_id, $2, $3, $4, CAST($5 AS BIGINT) FROM client WHERE client.client_id = $6
        ON CONFLICT (sub, client_id, redirect_uri, resources) DO UPDATE
        SET scopes = excluded.scopes, granted_at = excluded.granted_at
        """;

    private static final String HELD = """
        SELECT scopes, resources, redirect_uri FROM authorization_grant
        WHERE sub = $1 AND client_id = $2 AND revoked_at IS NULL AND expires_at > $3
        """;

    private static final String REDIRECTS = """
        SELECT DISTINCT authorization_grant.redirect_uri FROM known_browser
        JOIN authorization_grant ON authorization_grant.sub = known_browser.sub
        WHERE known_browser.browser_hash = $1 AND authorization_grant.revoked_at IS NULL
        """;

    private final Database database;

    public ConsentStore(Database database) {
        this.database = database;
    }

    /** The scopes that a user has allowed for the same client, redirect URI and resources; none without a consent. */
    public Future<Scopes> allowed(String sub, AuthorizationRequest request) {
        return database.read(FIND, sub, request.clientId(), request.redirectUri(), resources(request))
            .map(rows -> rows.isEmpty() ? Scopes.NONE : Scopes.parse(rows.get(0).text("scopes")));
    }

    /** The scopes of a user's active grants to a client that cover all of these resources. */
    public Future<Scopes> held(String sub, String clientId, List<String> resources, long now) {
        return database.read(HELD, sub, clientId, now).map(rows -> scopes(rows.stream(), resources));
    }

    /** The scopes of a user's active grants to the same client and redirect URI that cover all requested resources. */
    public Future<Scopes> granted(String sub, AuthorizationRequest request, long now) {
        return database.read(HELD, sub, request.clientId(), now).map(rows -> scopes(
            rows.stream().filter(grant -> request.redirectUri().equals(grant.text("redirect_uri"))), request.resources()));
    }

    private static Granted granted(SqlRow row) {
        return new Granted(Scopes.parse(row.text("scopes")), SpaceSeparated.read(row.text("resources")));
    }

    private static Scopes scopes(Stream<SqlRow> grants, List<String> resources) {
        return new Scopes(grants.map(ConsentStore::granted).filter(grant -> grant.covers(resources))
            .flatMap(grant -> grant.scopes().values().stream())
            .collect(Collectors.toCollection(LinkedHashSet::new)));
    }

    /** The redirect URIs of active grants of users who have logged in with a browser. @param browserHash the hash of its cookie */
    public Future<List<String>> redirectsAgreedTo(String browserHash) {
        return database.read(REDIRECTS, browserHash).map(rows -> rows.stream().map(row -> row.text("redirect_uri")).toList());
    }

    /** Stores the user's latest consent, which replaces an earlier one. */
    public Future<Void> remember(String sub, AuthorizationRequest request, Scopes scopes, long at) {
        return database.write(statements -> statements.update(REMEMBER, sub, request.redirectUri(), resources(request),
            scopes.toString(), at, request.clientId())).mapEmpty();
    }

    /** Sorted, because the order of resources does not matter. */
    private static String resources(AuthorizationRequest request) {
        List<String> sorted = request.resources().stream().sorted().toList();
        return SpaceSeparated.write(sorted);
    }
}

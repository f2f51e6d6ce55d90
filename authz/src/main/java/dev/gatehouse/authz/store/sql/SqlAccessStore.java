package dev.gatehouse.authz.store.sql;

import dev.gatehouse.authz.store.AccessStore;
import dev.gatehouse.authz.store.ApplicationAccess;
import dev.gatehouse.authz.store.InvalidationKind;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What users have given, read from the grants in the database. */
public final class SqlAccessStore implements AccessStore {

    private static final String LIST = """
        SELECT authorization_grant.client_id, client.name, authorization_grant.redirect_uri, authorization_grant.scopes,
               authorization_grant.resources, MAX(authorization_grant.created_at) AS since
        FROM authorization_grant JOIN client ON client.client_id = authorization_grant.client_id
        WHERE authorization_grant.sub = $1 AND authorization_grant.revoked_at IS NULL AND authorization_grant.expires_at > $2
        GROUP BY authorization_grant.client_id, client.name, authorization_grant.redirect_uri, authorization_grant.scopes,
                 authorization_grant.resources
        ORDER BY since DESC
        """;
    private static final String END = """
        UPDATE authorization_grant SET revoked_at = $1
        WHERE sub = $2 AND client_id = $3 AND redirect_uri = $4 AND revoked_at IS NULL RETURNING grant_id
        """;
    private static final String FORGET = "DELETE FROM consent WHERE sub = $1 AND client_id = $2 AND redirect_uri = $3";

    private final Database database;

    public SqlAccessStore(Database database) {
        this.database = database;
    }

    @Override
    public Future<List<ApplicationAccess>> of(String sub, long now) {
        return database.read(LIST, sub, now).map(rows -> {
            Map<List<String>, ApplicationAccess> byPlace = new LinkedHashMap<>();
            rows.forEach(row -> byPlace.merge(List.of(row.text("client_id"), row.text("redirect_uri")), access(row), SqlAccessStore::both));
            return List.copyOf(byPlace.values());
        });
    }

    private static ApplicationAccess access(SqlRow row) {
        return new ApplicationAccess(row.text("client_id"), row.text("name"), row.text("redirect_uri"),
            Scopes.parse(row.text("scopes")), SqlLists.read(row.text("resources")), row.number("since"));
    }

    private static ApplicationAccess both(ApplicationAccess newer, ApplicationAccess older) {
        return new ApplicationAccess(newer.clientId(), newer.name(), newer.redirectUri(),
            new Scopes(union(newer.scopes().values(), older.scopes().values())),
            List.copyOf(union(newer.resources(), older.resources())), newer.since());
    }

    private static Set<String> union(Collection<String> some, Collection<String> more) {
        Set<String> all = new LinkedHashSet<>(some);
        all.addAll(more);
        return all;
    }

    @Override
    public Future<List<String>> end(String sub, String clientId, String redirectUri, long at) {
        return database.write(statements -> statements.query(END, at, sub, clientId, redirectUri)
            .map(rows -> rows.stream().map(row -> row.text("grant_id")).toList())
            .compose(ended -> announce(statements, ended, at)
                .compose(announced -> statements.update(FORGET, sub, clientId, redirectUri)).map(ended)));
    }

    private static Future<Integer> announce(Statements statements, List<String> ended, long at) {
        Future<Integer> announced = Future.succeededFuture(0);
        for (String grantId : ended) {
            announced = announced.compose(before ->
                SqlInvalidations.announce(statements, InvalidationKind.GRANT, grantId, at));
        }
        return announced;
    }
}

package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.change.InvalidationStore;
import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.user.RoleStore;
import dev.gatehouse.authz.user.RoleStore.Role;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import static dev.gatehouse.authz.admin.PeopleStore.add;
import static dev.gatehouse.authz.admin.PeopleStore.containing;
import static dev.gatehouse.authz.admin.PeopleStore.time;

/** Lists and ends grants and sessions of all users, and counts what the overview shows. */
public final class GrantListStore {

    private static final String GRANTS = """
        SELECT given.grant_id, given.sub, account.username, given.client_id, client.name AS client_name, given.scopes, given.resources, given.redirect_uri,
               given.created_at, given.expires_at, given.authenticated_at, given.revoked_at, user_role.role,
               (SELECT MAX(issued_at) FROM access_token WHERE access_token.grant_id = given.grant_id) AS used_at
        FROM authorization_grant AS given JOIN user_account AS account ON account.sub = given.sub JOIN client ON client.client_id = given.client_id
        LEFT JOIN user_role ON user_role.sub = given.sub
        """;
    private static final String ONE_GRANT = GRANTS + "WHERE given.grant_id = $1";
    private static final String REVOKE = "UPDATE authorization_grant SET revoked_at = $1 WHERE grant_id = $2 AND revoked_at IS NULL";
    private static final String SESSIONS = """
        SELECT session.session_hash, session.sub, account.username, session.authenticated_at, session.seen_at, session.expires_at, session.methods,
               session.user_agent, session.address, session.country, user_role.role
        FROM browser_session AS session JOIN user_account AS account ON account.sub = session.sub LEFT JOIN user_role ON user_role.sub = session.sub
        """;
    private static final String ONE_SESSION = SESSIONS + "WHERE session.session_hash = $1";
    private static final String END_SESSION = "DELETE FROM browser_session WHERE session_hash = $1";
    private static final String COUNTS = """
        SELECT (SELECT COUNT(*) FROM user_account) AS users, (SELECT COUNT(*) FROM user_account WHERE disabled <> 0) AS disabled_users,
               (SELECT COUNT(*) FROM client) AS clients, (SELECT COUNT(*) FROM browser_session WHERE expires_at > $1) AS sessions,
               (SELECT COUNT(*) FROM authorization_grant WHERE revoked_at IS NULL AND expires_at > $1) AS grants,
               (SELECT COUNT(*) FROM document_decision WHERE decision = 'blocked') AS blocked_documents,
               (SELECT COUNT(*) FROM pending_change WHERE expires_at > $1) AS pending_changes
        """;

    private final Database database;

    public GrantListStore(Database database) {
        this.database = database;
    }

    /** A selection of grants; a component that is null selects all. @param resource a part of an identifier @param state live or ended */
    record GrantFilter(String sub, String clientId, String resource, String state) {
    }

    /** The newest grants first, before a grant. @param before the creation time and the identifier; null for the first page */
    Future<List<JsonObject>> grants(GrantFilter filter, String[] before, long now, int limit) {
        List<Object> parameters = new ArrayList<>();
        StringBuilder where = new StringBuilder("WHERE 1 = 1");
        add(where, parameters, " AND given.sub = $", filter.sub());
        add(where, parameters, " AND given.client_id = $", filter.clientId());
        if (filter.resource() != null) {
            add(where, parameters, " AND given.resources LIKE $", containing(filter.resource()));
            where.append(" ESCAPE '\\'");
        }
        if (filter.state() != null) {
            boolean live = filter.state().equals("live");
            add(where, parameters, live ? " AND given.revoked_at IS NULL AND given.expires_at > $" : " AND (given.revoked_at IS NOT NULL OR given.expires_at <= $", now);
            where.append(live ? "" : ")");
        }
        continueBefore(where, parameters, "given.created_at", "given.grant_id", before);
        parameters.add((long) limit);
        return database.read(GRANTS + where + " ORDER BY given.created_at DESC, given.grant_id DESC LIMIT $" + parameters.size(), parameters.toArray())
            .map(rows -> rows.stream().map(GrantListStore::grant).toList());
    }

    /** Selects the rows of a list, the newest first, that follow a row. @param before the time and the identifier of that row; null for all */
    private static void continueBefore(StringBuilder where, List<Object> parameters, String time, String id, String[] before) {
        if (before != null) {
            long at = number(before[0]);
            add(where, parameters, " AND (" + time + " < $", at);
            add(where, parameters, " OR " + time + " = $", at);
            add(where, parameters, " AND " + id + " < $", before[1]);
            where.append(")");
        }
    }

    static long number(String text) {
        if (!text.matches("-?\\d{1,18}")) {
            throw Problem.invalid("The cursor is not one of this list");
        }
        return Long.parseLong(text);
    }

    Future<Optional<JsonObject>> grant(String grantId) {
        return database.read(ONE_GRANT, grantId).map(rows -> rows.stream().findFirst().map(GrantListStore::grant));
    }

    /** A check of the role of the user whose access ends. */
    interface Check {
        void accept(Optional<Role> role);
    }

    /** Ends a grant with all its codes and tokens. */
    Future<Void> revoke(String grantId, Check check, long now) {
        return database.write(statements -> statements.query(ONE_GRANT, grantId).compose(rows -> {
            SqlRow row = rows.stream().findFirst().orElseThrow(() -> Problem.notFound("There is no such grant"));
            check.accept(role(row));
            return statements.update(REVOKE, now, grantId);
        }).compose(revoked -> InvalidationStore.announce(statements, InvalidationKind.GRANT, grantId, now))).mapEmpty();
    }

    /** The live sessions, the newest first. @param sub null for those of all users */
    Future<List<JsonObject>> sessions(String sub, String[] before, long now, int limit) {
        List<Object> parameters = new ArrayList<>();
        StringBuilder where = new StringBuilder("WHERE 1 = 1");
        add(where, parameters, " AND session.expires_at > $", now);
        add(where, parameters, " AND session.sub = $", sub);
        continueBefore(where, parameters, "session.authenticated_at", "session.session_hash", before);
        parameters.add((long) limit);
        return database.read(SESSIONS + where + " ORDER BY session.authenticated_at DESC, session.session_hash DESC LIMIT $" + parameters.size(), parameters.toArray())
            .map(rows -> rows.stream().map(GrantListStore::session).toList());
    }

    Future<Void> endSession(String sessionId, Check check) {
        return database.write(statements -> statements.query(ONE_SESSION, sessionId).compose(rows -> {
            SqlRow row = rows.stream().findFirst().orElseThrow(() -> Problem.notFound("There is no such session"));
            check.accept(role(row));
            return statements.update(END_SESSION, sessionId);
        })).mapEmpty();
    }

    /** Ends the sessions and grants of a user. */
    Future<Void> endAccess(String sub, Check check, long now) {
        return database.write(statements -> given(statements, sub, check).compose(checked -> UserStore.endAccess(statements, sub, now)));
    }

    private static Future<Void> given(Statements statements, String sub, Check check) {
        return RoleStore.given(statements, sub).map(role -> {
            check.accept(role);
            return null;
        });
    }

    /** The numbers of the overview. */
    Future<JsonObject> counts(long now) {
        return database.read(COUNTS, now).map(rows -> {
            JsonObject counts = new JsonObject();
            List.of("users", "disabled_users", "clients", "sessions", "grants", "blocked_documents", "pending_changes")
                .forEach(name -> counts.put(name, rows.get(0).number(name)));
            return counts;
        });
    }

    private static Optional<Role> role(SqlRow row) {
        return Optional.ofNullable(row.text("role")).flatMap(Role::named);
    }

    private static JsonObject grant(SqlRow row) {
        return new JsonObject().put("grant_id", row.text("grant_id")).put("sub", row.text("sub")).put("username", row.text("username"))
            .put("client_id", row.text("client_id")).put("client_name", row.text("client_name")).put("scope", row.text("scopes"))
            .put("resources", new JsonArray(SpaceSeparated.read(row.text("resources")))).put("redirect_uri", row.text("redirect_uri"))
            .put("created_at", time(row.number("created_at"))).put("expires_at", time(row.number("expires_at")))
            .put("authenticated_at", time(row.numberOrNull("authenticated_at"))).put("revoked_at", time(row.numberOrNull("revoked_at")))
            .put("used_at", time(row.numberOrNull("used_at")));
    }

    private static JsonObject session(SqlRow row) {
        return new JsonObject().put("session_id", row.text("session_hash")).put("sub", row.text("sub")).put("username", row.text("username"))
            .put("authenticated_at", time(row.number("authenticated_at"))).put("seen_at", time(row.number("seen_at"))).put("expires_at", time(row.number("expires_at")))
            .put("methods", new JsonArray(SpaceSeparated.readOrNone(row.text("methods")))).put("user_agent", row.text("user_agent")).put("address", row.text("address"))
            .put("country", row.text("country"));
    }

    /** The identifier of a linked identity in URLs. */
    static String identityId(String issuer, String tenant, String subject) {
        return SecretToken.hash(String.join("\n", issuer, tenant, subject));
    }
}

package dev.gatehouse.authz.console;

import dev.gatehouse.authz.admin.Operation;
import dev.gatehouse.authz.console.ConsolePage.Cell;
import dev.gatehouse.authz.console.ConsolePage.Fact;
import dev.gatehouse.authz.console.ConsolePage.Field;
import dev.gatehouse.authz.console.ConsolePage.Form;
import dev.gatehouse.authz.console.ConsolePage.Row;
import dev.gatehouse.authz.console.ConsolePage.Section;
import dev.gatehouse.authz.session.SessionSource;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.List;

import static dev.gatehouse.authz.console.ConsoleRequest.items;

/** The pages of grants and browser sessions. */
final class AccessPages {

    static final List<String> COLUMNS = List.of("User", "Client", "Resources", "Scopes", "Since", "Last token");
    static final List<String> SESSION_COLUMNS = List.of("User", "Signed in", "Last used", "Place", "Browser");

    private AccessPages() {
    }

    static List<Row> rows(ConsoleRequest request, List<JsonObject> grants) {
        return grants.stream().map(grant -> new Row(List.of(Cell.link(grant.getString("username"), request.url("user", "id", grant.getString("sub"))),
            Cell.link(grant.getString("client_name"), request.url("client", "id", grant.getString("client_id"))), Cell.of(grant.getJsonArray("resources")), Cell.of(grant.getString("scope")),
            Cell.link(grant.getString("created_at"), request.url("grant", "id", grant.getString("grant_id"))), Cell.of(grant.getString("used_at"))), revocation(request, grant))).toList();
    }

    private static Form revocation(ConsoleRequest request, JsonObject grant) {
        return grant.getString("revoked_at") == null ? request.formIfAllowed(Operation.REVOKE_GRANT, "Revoke", null, List.of(), false, "grant_id", grant.getString("grant_id")) : null;
    }

    static Future<List<Section>> grant(ConsoleRequest request) {
        String id = request.id();
        return request.read(Operation.READ_GRANT, new JsonObject(), "grant_id", id).compose(grant -> {
            List<Fact> facts = List.of(
                new Fact("User", grant.getString("username"), request.url("user", "id", grant.getString("sub"))),
                new Fact("Client", ConsolePage.words(grant.getString("client_name")), request.url("client", "id", grant.getString("client_id"))),
                Fact.of("Resources", grant.getJsonArray("resources")), Fact.of("Scopes", grant.getString("scope")), Fact.of("Redirect URI", grant.getString("redirect_uri")),
                Fact.of("Login", grant.getString("authenticated_at")), Fact.of("Since", grant.getString("created_at")), Fact.of("Last token", grant.getString("used_at")),
                Fact.of("Expires", grant.getString("expires_at")), Fact.of("Revoked", grant.getString("revoked_at")));
            return AuditPages.withHistory(request, id, List.of(Section.of(id).facts(facts).forms(revocation(request, grant))));
        });
    }

    static Future<List<Section>> grants(ConsoleRequest request) {
        JsonObject selection = request.selected("sub", "client_id", "resource", "state", "cursor");
        return request.read(Operation.LIST_GRANTS, selection).map(page -> List.of(
            Section.of("Grants").forms(Form.filter(request.url("grants"), "Filter", List.of(Field.text("sub", "Subject of the user", request.text("sub"), ""),
                Field.text("client_id", "Client identifier", request.text("client_id"), ""), Field.text("resource", "Part of the resource", request.text("resource"), ""),
                Field.choice("state", "State", request.text("state"), "", "live", "ended")))),
            Section.of("").table(COLUMNS, rows(request, items(page)), "No grant matches.").links(request.next(page, "grants", selection))));
    }

    static List<Row> sessionRows(ConsoleRequest request, List<JsonObject> sessions) {
        return sessions.stream().map(session -> new Row(List.of(Cell.link(session.getString("username"), request.url("user", "id", session.getString("sub"))),
            Cell.of(session.getString("authenticated_at")), Cell.of(session.getString("seen_at")), Cell.of(source(session).place()), Cell.of(source(session).browser())),
            request.formIfAllowed(Operation.END_SESSION, "End", null, List.of(), false, "session_id", session.getString("session_id")))).toList();
    }

    private static SessionSource source(JsonObject session) {
        return new SessionSource(session.getString("user_agent"), session.getString("address"), session.getString("country"));
    }

    static Future<List<Section>> sessions(ConsoleRequest request) {
        JsonObject selection = request.selected("sub", "cursor");
        return request.read(Operation.LIST_SESSIONS, selection).map(page -> List.of(Section.of("Sessions").table(SESSION_COLUMNS, sessionRows(request, items(page)), "No session is open.")
            .links(request.next(page, "sessions", selection))));
    }
}

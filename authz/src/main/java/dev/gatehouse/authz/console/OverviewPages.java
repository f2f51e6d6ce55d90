package dev.gatehouse.authz.console;

import dev.gatehouse.authz.admin.Operation;
import dev.gatehouse.authz.console.ConsolePage.Chart;
import dev.gatehouse.authz.console.ConsolePage.Fact;
import dev.gatehouse.authz.console.ConsolePage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

import static dev.gatehouse.authz.console.ConsoleRequest.list;

/** The overview, and the search over people, clients and grants. */
final class OverviewPages {

    private OverviewPages() {
    }

    static Future<List<Section>> overview(ConsoleRequest request) {
        return request.read(Operation.OVERVIEW, new JsonObject()).map(overview -> {
            JsonObject counts = overview.getJsonObject("counts");
            JsonArray hours = overview.getJsonArray("hours");
            List<Fact> facts = List.of(
                new Fact("Users", counts.getLong("users") + " (" + counts.getLong("disabled_users") + " disabled)", request.url("users")),
                new Fact("Clients", counts.getLong("clients").toString(), request.url("clients")),
                new Fact("Live grants", counts.getLong("grants").toString(), request.url("grants", "state", "live")),
                new Fact("Sessions", counts.getLong("sessions").toString(), request.url("sessions")),
                new Fact("Blocked documents", counts.getLong("blocked_documents").toString(), request.may(Operation.LIST_DOCUMENTS) ? request.url("documents") : ""),
                new Fact("Waiting changes", counts.getLong("pending_changes").toString(), request.may(Operation.LIST_CHANGES) ? request.url("changes") : ""));
            return List.of(Section.of("Now").facts(facts), Section.of("Last 24 hours").charts(Chart.of("Tokens", hours, "tokens"), Chart.of("Logins", hours, "logins"),
                Chart.of("Refusals", hours, "refusals"), Chart.of("Errors", hours, "errors")));
        });
    }

    static Future<List<Section>> search(ConsoleRequest request) {
        if (request.query().single("q") == null) {
            return Future.succeededFuture(List.of(Section.of("Search").text("Enter a part of a name, an address, an identifier or the URL of a resource.")));
        }
        return request.read(Operation.SEARCH, request.selected("q")).map(found -> List.of(
            Section.of("Users").table(PeoplePages.COLUMNS, PeoplePages.rows(request, list(found.getJsonArray("users"))), "No user matches."),
            Section.of("Clients").table(ClientPages.COLUMNS, ClientPages.rows(request, list(found.getJsonArray("clients"))), "No client matches."),
            Section.of("Access to matching resources").text("The users who can reach the resource, and the clients by which they do.")
                .table(AccessPages.COLUMNS, AccessPages.rows(request, list(found.getJsonArray("grants"))), "No live grant has a matching resource.")));
    }
}

package dev.gatehouse.authz.console;

import dev.gatehouse.authz.admin.Operation;
import dev.gatehouse.authz.console.ConsolePage.Cell;
import dev.gatehouse.authz.console.ConsolePage.Field;
import dev.gatehouse.authz.console.ConsolePage.Form;
import dev.gatehouse.authz.console.ConsolePage.Link;
import dev.gatehouse.authz.console.ConsolePage.Row;
import dev.gatehouse.authz.console.ConsolePage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import static dev.gatehouse.authz.console.ConsoleRequest.items;

/** The page of the audit trail, and the history of one user, client or document on its page. */
final class AuditPages {

    private static final List<String> COLUMNS = List.of("Time", "Event", "Actor", "Source", "Details");
    private static final int RECENT = 20;

    private AuditPages() {
    }

    /** Adds the newest events about an object to the sections of its page, unless the role does not read the trail. */
    static Future<List<Section>> withHistory(ConsoleRequest request, String about, List<Section> sections) {
        return !request.may(Operation.LIST_AUDIT) ? Future.succeededFuture(sections) : request.read(Operation.LIST_AUDIT, new JsonObject().put("about", about).put("limit", RECENT))
            .map(page -> Stream.concat(sections.stream(), Stream.of(Section.of("History").table(COLUMNS, rows(request, items(page)), "The audit trail has no event.")
                .links(List.of(new Link("All events", request.url("audit", "about", about), false))))).toList());
    }

    private static List<Row> rows(ConsoleRequest request, List<JsonObject> events) {
        return ConsoleRequest.rows(events, event -> List.of(Cell.of(event.getString("at")), Cell.of(event.getString("event")), actor(request, event.getString("actor")),
            Cell.of(event.getString("source")), Cell.of(details(event))));
    }

    private static Cell actor(ConsoleRequest request, String name) {
        return name != null && name.startsWith("usr_") ? Cell.link(name, request.url("user", "id", name)) : Cell.of(name);
    }

    private static String details(JsonObject event) {
        JsonObject details = new JsonObject();
        for (String name : List.of("client_id", "resource", "reason")) {
            if (event.getString(name) != null) {
                details.put(name, event.getString(name));
            }
        }
        details.mergeIn(event.getJsonObject("details"));
        List<String> words = new ArrayList<>();
        details.forEach(each -> words.add(each.getKey() + " " + each.getValue()));
        return String.join(", ", words);
    }

    static Future<List<Section>> audit(ConsoleRequest request) {
        JsonObject selection = request.selected("event", "actor", "client_id", "resource", "source", "about", "since", "until", "cursor");
        return request.read(Operation.LIST_AUDIT, selection).compose(page -> verification(request).map(verified -> List.of(
            Section.of("Audit trail").text(verified).forms(Form.filter(request.url("audit"), "Filter", List.of(Field.text("event", "Event", request.text("event"), "As login_failed"),
                Field.text("actor", "Actor", request.text("actor"), "Subject of a user, or operator"), Field.text("client_id", "Client", request.text("client_id"), ""),
                Field.text("resource", "Resource", request.text("resource"), ""), Field.text("source", "Source", request.text("source"), "An address, or command line"),
                Field.text("about", "User or client", request.text("about"), ""), Field.text("since", "Since", request.text("since"), "As 2026-01-31T12:00:00Z"),
                Field.text("until", "Until", request.text("until"), "")))),
            Section.of("").table(COLUMNS, rows(request, items(page)), "No event matches.").links(links(request, page, selection)))));
    }

    private static List<Link> links(ConsoleRequest request, JsonObject page, JsonObject selection) {
        List<String> filter = new ArrayList<>();
        selection.stream().filter(each -> !each.getKey().equals("cursor")).forEach(each -> filter.addAll(List.of(each.getKey(), each.getValue().toString())));
        List<Link> links = new ArrayList<>(request.next(page, "audit", selection));
        links.add(new Link("Export as JSON lines", request.url("audit/export", filter.toArray(String[]::new)), false));
        links.add(new Link("Verify the trail", request.url("audit", "verify", "yes"), false));
        return links;
    }

    private static Future<String> verification(ConsoleRequest request) {
        return request.query().single("verify") == null ? Future.succeededFuture("") : request.read(Operation.VERIFY_AUDIT, new JsonObject()).map(result ->
            result.getBoolean("intact") ? "The audit trail is intact: " + result.getLong("events") + " events." : "The audit trail was tampered with: " + ConsolePage.words(result.getJsonArray("faults")));
    }
}

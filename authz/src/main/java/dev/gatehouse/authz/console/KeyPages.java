package dev.gatehouse.authz.console;

import dev.gatehouse.authz.admin.Operation;
import dev.gatehouse.authz.console.ConsolePage.Cell;
import dev.gatehouse.authz.console.ConsolePage.Row;
import dev.gatehouse.authz.console.ConsolePage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static dev.gatehouse.authz.console.ConsoleRequest.items;

/** The pages of signing keys, and of the changes that wait for a second owner. */
final class KeyPages {

    private KeyPages() {
    }

    static Future<List<Section>> keys(ConsoleRequest request) {
        return request.read(Operation.LIST_KEYS, new JsonObject()).compose(page -> {
            Future<List<Row>> rows = Future.succeededFuture(new ArrayList<>());
            for (JsonObject key : items(page)) {
                rows = rows.compose(all -> row(request, key).map(row -> {
                    all.add(row);
                    return all;
                }));
            }
            return rows;
        }).map(rows -> List.of(Section.of("Signing keys").text("Remove a key only if it is compromised: the tokens that it signed end at once.")
            .table(List.of("Key", "Algorithm", "Signs from", "Needed until"), rows, "There is no key.")
            .forms(request.formIfAllowed(Operation.ROTATE_KEY, "Create the next key now", null, List.of(), true))));
    }

    private static Future<Row> row(ConsoleRequest request, JsonObject key) {
        String kid = key.getString("kid");
        return request.answer(Operation.READ_KEY, new JsonObject(), "kid", kid).map(found -> new Row(List.of(Cell.of(kid), Cell.of(key.getString("algorithm")),
            Cell.of(key.getString("signs_from")), Cell.of(key.getString("needed_until"))), request.formIfAllowed(Operation.REMOVE_KEY, "Remove", found.tag(), List.of(), true, "kid", kid)));
    }

    static Future<List<Section>> changes(ConsoleRequest request) {
        return request.read(Operation.LIST_CHANGES, new JsonObject()).map(page -> {
            List<Section> sections = new ArrayList<>();
            sections.add(Section.of("Waiting changes").text(items(page).isEmpty() ? "No change waits for a second owner." : "Another owner than the one who asked confirms a change."));
            items(page).forEach(change -> sections.add(Section.of(title(change.getString("operation"))).facts(facts(change)).forms(
                request.formIfAllowed(Operation.CONFIRM_CHANGE, "Confirm", null, List.of(), true, "change_id", change.getString("change_id")),
                request.formIfAllowed(Operation.CANCEL_CHANGE, "Cancel", null, List.of(), false, "change_id", change.getString("change_id")))));
            return sections;
        });
    }

    private static String title(String operation) {
        return Operation.byId(operation).map(Operation::summary).orElse(operation);
    }

    private static Map<String, Object> facts(JsonObject change) {
        Map<String, Object> facts = new LinkedHashMap<>();
        change.getJsonObject("path").forEach(each -> facts.put(each.getKey(), each.getValue()));
        change.getJsonObject("body").forEach(each -> facts.put(each.getKey(), each.getValue()));
        facts.put("Requested by", change.getString("username"));
        facts.put("Requested", change.getString("requested_at"));
        facts.put("Expires", change.getString("expires_at"));
        return facts;
    }
}

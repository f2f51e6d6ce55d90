package dev.gatehouse.authz.console;

import dev.gatehouse.authz.admin.AdminCall.Actor;
import dev.gatehouse.authz.admin.AdminCall.Answer;
import dev.gatehouse.authz.admin.Operation;
import dev.gatehouse.authz.console.ConsolePage.Cell;
import dev.gatehouse.authz.console.ConsolePage.Field;
import dev.gatehouse.authz.console.ConsolePage.Form;
import dev.gatehouse.authz.console.ConsolePage.Link;
import dev.gatehouse.authz.console.ConsolePage.Row;
import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A request for a page: the user, the parameters, and the operations that the page reads by.
 *
 * @param base the path of the console
 * @param explanation the answer to a question about a policy, or null
 */
record ConsoleRequest(Actor actor, FormParameters query, String base, Reader reader, JsonObject explanation) {

    /** Performs an operation that reads. */
    interface Reader {
        Future<Answer> read(Operation operation, Map<String, String> path, JsonObject query);
    }

    /** The identifier of the object of the page. */
    String id() {
        return query.required("id");
    }

    /** A query parameter; empty if it is absent. */
    String text(String name) {
        return query.single(name) == null ? "" : query.single(name);
    }

    /** The URL of a page. @param parameters names and values in turn */
    String url(String page, String... parameters) {
        Map<String, String> all = pairs(parameters);
        return all.isEmpty() ? base + "/" + page : FormParameters.addTo(base + "/" + page, all);
    }

    private static Map<String, String> pairs(String... namesAndValues) {
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            all.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return all;
    }

    boolean may(Operation operation) {
        return operation.isFor(actor.role());
    }

    /** A form of an operation; null if the user does not have it. @param path the path parameters, names and values in turn */
    Form formIfAllowed(Operation operation, String label, String tag, List<Field> fields, boolean danger, String... path) {
        return may(operation) ? Form.of(operation, label, tag, fields, danger, path) : null;
    }

    /** Reads a resource. @param path the path parameters, names and values in turn */
    Future<JsonObject> read(Operation operation, JsonObject parameters, String... path) {
        return answer(operation, parameters, path).map(Answer::body);
    }

    /** Reads a resource with its entity tag. */
    Future<Answer> answer(Operation operation, JsonObject parameters, String... path) {
        return reader.read(operation, pairs(path), parameters);
    }

    static List<JsonObject> items(JsonObject page) {
        return list(page.getJsonArray("items"));
    }

    static List<JsonObject> list(JsonArray array) {
        return array.stream().map(JsonObject.class::cast).toList();
    }

    /** Rows without forms. */
    static List<Row> rows(List<JsonObject> items, Function<JsonObject, List<Cell>> cells) {
        return items.stream().map(item -> new Row(cells.apply(item), null)).toList();
    }

    /** The query parameters of these names that the page has. */
    JsonObject selected(String... names) {
        JsonObject selected = new JsonObject();
        for (String name : names) {
            if (query.single(name) != null) {
                selected.put(name, query.single(name));
            }
        }
        return selected;
    }

    /** The link to the next page of a list, if there is one. */
    List<Link> next(JsonObject page, String name, JsonObject selection) {
        if (page.getString("next") == null) {
            return List.of();
        }
        List<String> parameters = new ArrayList<>();
        selection.copy().put("cursor", page.getString("next")).forEach(each -> parameters.addAll(List.of(each.getKey(), each.getValue().toString())));
        return List.of(new Link("Next page", url(name, parameters.toArray(String[]::new)), false));
    }
}

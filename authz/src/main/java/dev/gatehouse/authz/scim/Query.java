package dev.gatehouse.authz.scim;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A request for a list (RFC 7644 §3.4.2).
 *
 * @param filter null for all resources
 * @param startIndex at least 1
 * @param count at most the limit of this server
 */
record Query(Filter filter, long startIndex, int count, Projection projection) {

    static final int MOST_RESULTS = 200;
    private static final String LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

    /** @param parameters the value of a parameter by its name, or null */
    static Query of(ResourceType type, Function<String, String> parameters) {
        String filter = parameters.apply("filter");
        return new Query(filter == null || filter.isBlank() ? null : FilterParser.filter(type, filter), Math.max(1, number(parameters.apply("startIndex"), 1)),
            (int) Math.max(0, Math.min(MOST_RESULTS, number(parameters.apply("count"), MOST_RESULTS))),
            Projection.of(type, parameters.apply("attributes"), parameters.apply("excludedAttributes")));
    }

    /** The same query in the body of a request to {@code /.search} (RFC 7644 §3.4.3). */
    static Query of(ResourceType type, JsonObject body) {
        return of(type, name -> {
            Object value = ResourceReader.member(body, name);
            return value instanceof JsonArray list ? list.stream().map(String::valueOf).collect(Collectors.joining(",")) : value == null ? null : value.toString();
        });
    }

    private static long number(String text, long otherwise) {
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[+-]?[0-9]{1,15}")) {
            throw ScimException.invalidValue("startIndex and count are integers");
        }
        return Long.parseLong(text);
    }

    /** A page of results. */
    JsonObject response(Page page) {
        JsonArray shown = new JsonArray();
        page.resources().forEach(resource -> shown.add(projection.of(resource)));
        return new JsonObject().put("schemas", new JsonArray().add(LIST)).put("totalResults", page.total()).put("startIndex", startIndex)
            .put("itemsPerPage", shown.size()).put("Resources", shown);
    }

    /** Collects the resources of a page. */
    static final class Matches {

        private final Query query;
        private final List<JsonObject> shown = new ArrayList<>();
        private long total;

        Matches(Query query) {
            this.query = query;
        }

        void take(List<JsonObject> resources) {
            resources.stream().filter(resource -> query.filter() == null || query.filter().matches(resource)).forEach(resource -> {
                total++;
                if (total >= query.startIndex() && shown.size() < query.count()) {
                    shown.add(resource);
                }
            });
        }

        Page page() {
            return new Page(shown, total);
        }
    }

    /** The resources of a page. @param total the number of all results */
    record Page(List<JsonObject> resources, long total) {
    }
}

package dev.gatehouse.mcp.stateless;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.feature.FeatureRegistry;
import dev.gatehouse.mcp.feature.Change;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The notifications that a subscription requests (2026-07-28, subscriptions, notification filter), as far as the server and the caller's scopes
 * allow them. */
final class NotificationFilter {

    private static final int RESOURCES = 1_000;
    private static final int LONGEST_URI = 2_048;
    private static final Map<String, Change.Kind> LISTS = Map.of("toolsListChanged", Change.Kind.TOOLS,
        "promptsListChanged", Change.Kind.PROMPTS, "resourcesListChanged", Change.Kind.RESOURCES);

    private final Set<Change.Kind> lists = EnumSet.noneOf(Change.Kind.class);
    private final Set<String> resources = new LinkedHashSet<>();
    private final Map<String, Object> accepted = new LinkedHashMap<>();

    /** Reads the filter. Throws {@link StatelessError} if it is ill-typed or more than one subscription may ask for. */
    static NotificationFilter of(Object asked, FeatureRegistry catalogue, Caller caller) {
        if (!(asked instanceof Map<?, ?> filter)) {
            throw StatelessError.invalidParams("\"notifications\" must be an object");
        }
        NotificationFilter accepted = new NotificationFilter();
        LISTS.forEach((name, kind) -> accepted.readList(filter, name, kind));
        accepted.readResources(filter.get("resourceSubscriptions"), catalogue, caller);
        return accepted;
    }

    private void readList(Map<?, ?> filter, String name, Change.Kind kind) {
        Object wanted = filter.get(name);
        if (wanted != null && !(wanted instanceof Boolean)) {
            throw StatelessError.invalidParams('"' + name + "\" must be true or false");
        }
        if (Boolean.TRUE.equals(wanted)) {
            lists.add(kind);
            accepted.put(name, true);
        }
    }

    /** Ignores a resource that does not exist or that this caller may not read. The response does not tell the two apart. */
    private void readResources(Object wanted, FeatureRegistry catalogue, Caller caller) {
        if (wanted == null) {
            return;
        }
        if (!(wanted instanceof List<?> uris) || uris.size() > RESOURCES) {
            throw StatelessError.invalidParams("\"resourceSubscriptions\" must be an array of at most " + RESOURCES + " URIs");
        }
        for (Object each : uris) {
            if (!(each instanceof String uri) || uri.length() > LONGEST_URI) {
                throw StatelessError.invalidParams("\"resourceSubscriptions\" must have URIs of at most " + LONGEST_URI + " characters");
            }
            if (catalogue.resource(uri).filter(found -> scopes(caller).containsAll(found.scopes())).isPresent()) {
                resources.add(uri);
            }
        }
        accepted.put("resourceSubscriptions", new ArrayList<>(resources));
    }

    private static Set<String> scopes(Caller caller) {
        return caller instanceof Principal principal ? principal.scopes() : Set.of();
    }

    boolean passes(Change change) {
        return change.kind() == Change.Kind.RESOURCE_UPDATED ? resources.contains(change.uri()) : lists.contains(change.kind());
    }

    /** The accepted part of the filter. */
    Map<String, Object> accepted() {
        return accepted;
    }
}

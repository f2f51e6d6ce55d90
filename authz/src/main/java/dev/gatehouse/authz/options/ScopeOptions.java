package dev.gatehouse.authz.options;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * A scope, and how the consent page tells a person what it permits.
 *
 * @param implies scopes that everybody has who has this one
 */
public record ScopeOptions(String name, String title, String description, List<String> implies) {

    private static final List<ScopeOptions> DEFAULTS = List.of(
        new ScopeOptions("mcp:read", "Read your data", "See your profile, your notes and your usage.", List.of()),
        new ScopeOptions("mcp:write", "Change your data", "Create notes in your name.", List.of("mcp:read")));

    public ScopeOptions {
        implies = List.copyOf(implies);
    }

    static List<ScopeOptions> of(JsonArray json) {
        if (json == null) {
            return DEFAULTS;
        }
        return json.stream().map(JsonObject.class::cast).map(ScopeOptions::of).toList();
    }

    private static ScopeOptions of(JsonObject json) {
        String name = json.getString("name");
        return new ScopeOptions(name, json.getString("title", name), json.getString("description", ""),
            AuthzOptions.texts(json.getJsonArray("implies", new JsonArray())));
    }
}

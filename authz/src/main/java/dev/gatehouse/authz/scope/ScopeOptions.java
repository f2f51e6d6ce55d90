package dev.gatehouse.authz.scope;

import dev.gatehouse.authz.AuthzOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.List;

/**
 * A scope, and how the consent page tells a person what it permits.
 *
 * @param implies scopes that everybody has who has this one
 */
public record ScopeOptions(String name, String title, String description, List<String> implies) {

    private static final List<ScopeOptions> DEFAULTS = List.of(
        new ScopeOptions("mcp:read", "Read your data", "See your profile, your notes and your usage.", List.of()),
        new ScopeOptions("mcp:write", "Change your data", "Create, change and delete notes in your name.", List.of("mcp:read")));

    /** The scope that makes a request one of OpenID Connect (Core §3.1.2.1). */
    public static final String OPENID = "openid";

    /** The scopes of OpenID Connect (Core §5.4). They identify the user, and permit nothing. */
    private static final List<ScopeOptions> IDENTITY = List.of(
        new ScopeOptions(OPENID, "Know who you are", "Recognise your account here when you come back.", List.of()),
        new ScopeOptions("profile", "See your profile", "Your name and username.", List.of()),
        new ScopeOptions("email", "See your email address", "The address of your account.", List.of()));

    public ScopeOptions {
        implies = List.copyOf(implies);
    }

    public static List<ScopeOptions> of(JsonArray json) {
        if (json == null) {
            return DEFAULTS;
        }
        return json.stream().map(JsonObject.class::cast).map(ScopeOptions::of).toList();
    }

    /** These scopes and those of OpenID Connect, but for any that were declared under the same name. */
    public static List<ScopeOptions> withIdentity(List<ScopeOptions> declared) {
        List<ScopeOptions> all = new ArrayList<>(declared);
        IDENTITY.stream().filter(scope -> declared.stream().noneMatch(each -> each.name().equals(scope.name()))).forEach(all::add);
        return all;
    }

    /** Returns true for a scope that identifies the user instead of permitting something at a resource. */
    public static boolean isIdentity(String name) {
        return IDENTITY.stream().anyMatch(scope -> scope.name().equals(name));
    }

    private static ScopeOptions of(JsonObject json) {
        String name = json.getString("name");
        return new ScopeOptions(name, json.getString("title", name), json.getString("description", ""),
            AuthzOptions.texts(json.getJsonArray("implies", new JsonArray())));
    }
}

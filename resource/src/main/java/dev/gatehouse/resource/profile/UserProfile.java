package dev.gatehouse.resource.profile;

import dev.gatehouse.mcp.api.Principal;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * Creates the profile of a caller from the claims of its token only. A client that acts on its own behalf (client credentials)
 * has no username and no email address; its client id is used as the name.
 */
public final class UserProfile {

    private static final List<String> OPTIONAL = List.of("email", "name", "created_at", "last_login");

    private UserProfile() {
    }

    /** Returns the result of {@code get_user_profile} as plain maps and lists. Claims that the authorization server omits are absent. */
    static JsonObject of(Principal principal) {
        JsonObject claims = principal.claims();
        JsonObject profile = new JsonObject()
            .put("user_id", text(claims, "username", principal.subject()))
            .put("sub", principal.subject());
        OPTIONAL.forEach(name -> putText(profile, name, claims));
        if (!profile.containsKey("name")) {
            profile.put("name", text(claims, "username", principal.clientId().isEmpty() ? principal.subject() : principal.clientId()));
        }
        return profile.put("permissions", principal.scopes().stream().sorted().toList());
    }

    /** Returns the content of {@code user://profile}: the profile, the issuer, the client id, and the preferences in the claims. */
    public static JsonObject complete(Principal principal) {
        JsonObject preferences = new JsonObject();
        List.of("locale", "zoneinfo").forEach(name -> putText(preferences, name, principal.claims()));
        return of(principal).put("preferences", preferences.getMap()).put("issuer", principal.issuer()).put("client_id", principal.clientId());
    }

    private static void putText(JsonObject target, String name, JsonObject claims) {
        if (claims.getValue(name) instanceof String text) {
            target.put(name, text);
        }
    }

    private static String text(JsonObject claims, String name, String otherwise) {
        return claims.getValue(name) instanceof String text && !text.isEmpty() ? text : otherwise;
    }
}

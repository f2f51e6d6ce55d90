package dev.gatehouse.resource.profile;

import dev.gatehouse.mcp.api.Principal;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * Says who a caller is, from the claims of the token and nothing else. A program that acts for itself (client credentials)
 * has no username and no e-mail address; its client id stands for its name.
 */
public final class UserProfile {

    private static final List<String> OPTIONAL = List.of("email", "name", "created_at", "last_login");

    private UserProfile() {
    }

    /** What {@code get_user_profile} answers. A member that the authorization server does not tell is absent. Plain maps and lists. */
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

    /** What {@code user://profile} holds: the same, how the caller came here, and the preferences that the claims name. */
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

package dev.gatehouse.authz.scope;

import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The parameter {@code claims} (OpenID Connect Core §5.5).
 *
 * @param scopes the scopes of the requested claims, so that the user sees on the consent page what the client learns
 * @param sub the only user that the client accepts, or null
 */
public record RequestedClaims(Set<String> scopes, String sub) {

    /** The only {@code acr} value: one factor, a password. */
    public static final String PASSWORD_LOGIN = "1";

    static final Map<String, String> SCOPE_OF = Map.of("name", "profile", "preferred_username", "profile", "updated_at", "profile",
        "email", "email", "email_verified", "email");
    private static final RequestedClaims NONE = new RequestedClaims(Set.of(), null);

    public RequestedClaims {
        scopes = Set.copyOf(scopes);
    }

    /**
     * @param text the parameter, or null
     * @throws OAuthException {@code invalid_request} if it is malformed, {@code unmet_authentication_requirements}
     *     if it requires another {@code acr} (§5.5.1.1)
     */
    public static RequestedClaims parse(String text) {
        if (text == null) {
            return NONE;
        }
        JsonObject all = object(text);
        JsonObject userInfo = member(all, "userinfo");
        JsonObject idToken = member(all, "id_token");
        requireKnownLogin(member(idToken, "acr"));
        Set<String> scopes = new LinkedHashSet<>();
        List.of(userInfo, idToken).forEach(claims -> claims.fieldNames().stream().map(SCOPE_OF::get)
            .filter(scope -> scope != null).forEach(scopes::add));
        String sub = text(member(idToken, "sub"));
        return new RequestedClaims(scopes, sub == null ? text(member(userInfo, "sub")) : sub);
    }

    private static JsonObject object(String text) {
        try {
            return new JsonObject(text);
        } catch (DecodeException malformed) {
            throw invalid();
        }
    }

    private static JsonObject member(JsonObject claims, String name) {
        Object value = claims.getValue(name);
        if (value != null && !(value instanceof JsonObject)) {
            throw invalid();
        }
        return value == null ? new JsonObject() : (JsonObject) value;
    }

    private static String text(JsonObject request) {
        Object value = request.getValue("value");
        if (value != null && !(value instanceof String)) {
            throw invalid();
        }
        return (String) value;
    }

    private static void requireKnownLogin(JsonObject acr) {
        List<Object> accepted = new ArrayList<>();
        if (acr.containsKey("value")) {
            accepted.add(acr.getValue("value"));
        }
        if (acr.getValue("values") instanceof JsonArray values) {
            values.forEach(accepted::add);
        }
        if (Boolean.TRUE.equals(acr.getValue("essential")) && !accepted.isEmpty() && !accepted.contains(PASSWORD_LOGIN)) {
            throw new OAuthException(OAuthErrorCode.UNMET_AUTHENTICATION_REQUIREMENTS, "This server does not support the required acr");
        }
    }

    private static OAuthException invalid() {
        return new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The claims parameter is not an object of OpenID Connect Core section 5.5");
    }
}

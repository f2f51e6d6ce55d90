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
import java.util.stream.Stream;

/**
 * The parameter {@code claims} (OpenID Connect Core §5.5).
 *
 * @param scopes the scopes of the requested claims, so that the user sees on the consent page what the client learns
 * @param sub the only user that the client accepts, or null
 * @param acrValues the authentication context classes of which the login must satisfy one; empty if any login will do
 */
public record RequestedClaims(Set<String> scopes, String sub, List<String> acrValues) {

    static final Map<String, String> SCOPE_OF = Map.of("name", "profile", "preferred_username", "profile", "updated_at", "profile",
        "email", "email", "email_verified", "email");
    private static final RequestedClaims NONE = new RequestedClaims(Set.of(), null, List.of());

    public RequestedClaims {
        scopes = Set.copyOf(scopes);
        acrValues = List.copyOf(acrValues);
    }

    /**
     * @param text the parameter, or null
     * @throws OAuthException {@code invalid_request} if it is malformed, {@code unmet_authentication_requirements}
     *     if it requires an {@code acr} that this server does not have (§5.5.1.1)
     */
    public static RequestedClaims parse(String text) {
        if (text == null) {
            return NONE;
        }
        JsonObject all = object(text);
        JsonObject userInfo = member(all, "userinfo");
        JsonObject idToken = member(all, "id_token");
        Set<String> scopes = new LinkedHashSet<>();
        List.of(userInfo, idToken).forEach(claims -> claims.fieldNames().stream().map(SCOPE_OF::get)
            .filter(scope -> scope != null).forEach(scopes::add));
        String sub = text(member(idToken, "sub"));
        return new RequestedClaims(scopes, sub == null ? text(member(userInfo, "sub")) : sub, essential(member(idToken, "acr")));
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

    private static List<String> essential(JsonObject acr) {
        List<Object> accepted = new ArrayList<>();
        if (acr.containsKey("value")) {
            accepted.add(acr.getValue("value"));
        }
        if (acr.getValue("values") instanceof JsonArray values) {
            values.forEach(accepted::add);
        }
        return Boolean.TRUE.equals(acr.getValue("essential")) && !accepted.isEmpty()
            ? requireKnown(accepted.stream().map(String::valueOf).toList(), "acr") : List.of();
    }

    /**
     * Reads the parameter {@code acr_values}. The values are necessary, so that a client that answers a challenge of a resource server is not
     * sent back with a token that is refused again (RFC 9470 §5).
     *
     * @param text the parameter, or null
     * @throws OAuthException {@code unmet_authentication_requirements} if this server knows none of the values
     */
    public static List<String> acrValues(String text) {
        List<String> values = text == null ? List.of() : Stream.of(text.split(" ")).filter(value -> !value.isEmpty()).toList();
        return values.isEmpty() ? values : requireKnown(values, "acr_values");
    }

    private static List<String> requireKnown(List<String> values, String name) {
        List<String> known = values.stream().filter(LoginLevel.known()::contains).toList();
        if (known.isEmpty()) {
            throw new OAuthException(OAuthErrorCode.UNMET_AUTHENTICATION_REQUIREMENTS, "This server supports none of the requested " + name);
        }
        return known;
    }

    private static OAuthException invalid() {
        return new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The claims parameter is not an object of OpenID Connect Core section 5.5");
    }
}

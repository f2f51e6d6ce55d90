package dev.gatehouse.authz.scope;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * The claims of tokens and introspection about the login behind a grant (OpenID Connect Core §2, RFC 9068 §2.2.1, RFC 9470 §6).
 *
 * @param authenticatedAt the time of the authentication, epoch milliseconds; null if no user has authenticated
 * @param methods the authentication methods (RFC 8176), empty if they are unknown
 * @param acr the authentication context class that the client asked for and the login satisfies; null for the one of the methods
 */
public record LoginClaims(Long authenticatedAt, List<String> methods, String acr) {

    /** A grant without a login. */
    public static final LoginClaims NONE = new LoginClaims(null, List.of());

    public LoginClaims {
        methods = List.copyOf(methods);
    }

    public LoginClaims(Long authenticatedAt, List<String> methods) {
        this(authenticatedAt, methods, null);
    }

    /** The same login as the answer to a request for authentication context classes. A resource server compares the value with its own list. */
    public LoginClaims answering(List<String> acrValues) {
        return new LoginClaims(authenticatedAt, methods, LoginLevel.of(methods).satisfied(acrValues).orElse(null));
    }

    /** The methods as a column has them; null if they are unknown. */
    public String storedMethods() {
        return methods.isEmpty() ? null : String.join(" ", methods);
    }

    /** Adds {@code auth_time}, {@code acr} and {@code amr}, as far as they are known. */
    public void addTo(JsonObject claims) {
        if (authenticatedAt != null) {
            claims.put("auth_time", authenticatedAt / 1000).put("acr", acr == null ? LoginLevel.of(methods).acr() : acr);
        }
        if (!methods.isEmpty()) {
            claims.put("amr", new JsonArray(methods));
        }
    }
}

package dev.gatehouse.mcp.bearer;

import dev.gatehouse.mcp.api.Principal;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;

/**
 * A token found good.
 *
 * @param user       the caller as Vert.x handlers know callers: claims as attributes, scopes as authorizations
 * @param principal  the same caller as tools know callers
 * @param askedAt    epoch milliseconds of the answer
 * @param freshUntil epoch milliseconds until which it is believed without asking again
 */
public record VerifiedToken(User user, Principal principal, long askedAt, long freshUntil) {

    /** Thumbprint of the key that the token is bound to (RFC 9449 §6), or null for a bearer token. */
    String keyThumbprint() {
        return principal.claims().getValue("cnf") instanceof JsonObject confirmation ? confirmation.getString("jkt") : null;
    }
}

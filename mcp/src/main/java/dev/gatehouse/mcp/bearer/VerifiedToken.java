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

    /** The member of {@code cnf} for a key. */
    static final String KEY = "jkt";
    /** The member of {@code cnf} for a certificate. */
    static final String CERTIFICATE = "x5t#S256";

    /** Thumbprint of the key that the token is bound to (RFC 9449 §6), or null. */
    String keyThumbprint() {
        return bound(KEY);
    }

    /** Thumbprint of the certificate that the token is bound to (RFC 8705 §3.1), or null. */
    String certificateThumbprint() {
        return bound(CERTIFICATE);
    }

    private String bound(String method) {
        return principal.claims().getValue("cnf") instanceof JsonObject confirmation ? confirmation.getString(method) : null;
    }
}

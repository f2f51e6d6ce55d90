package dev.gatehouse.mcp.bearer;

import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.bearer.Introspector.Answer;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonObject;

/** Decides whether what introspection says of a token makes it good here, and for whom. */
final class ClaimsCheck {

    /** The lifetime of a token without {@code exp}. Introspection may end it sooner. */
    private static final long DAY_SECONDS = 86_400;

    /** Times are multiplied into milliseconds. */
    private static final long LATEST_SECONDS = Long.MAX_VALUE / 1000;

    private final ProtectedResource resource;

    ClaimsCheck(ProtectedResource resource) {
        this.resource = resource;
    }

    /**
     * @param now epoch seconds
     * @throws InvalidTokenException          when the token is not good here
     * @throws AuthServerUnavailableException when the answer is malformed
     */
    Principal accept(Answer answer, long now) {
        JsonObject claims = withoutNulls(answer.claims());
        require(claims.getBoolean("active"), "The access token is expired, revoked or unknown");
        try {
            return principal(answer, claims, now);
        } catch (ClassCastException | OAuthException malformed) {
            throw malformed("claims of the wrong type");
        }
    }

    private Principal principal(Answer answer, JsonObject claims, long now) {
        String issuer = answer.issuer();
        int skew = answer.clockSkewSeconds();
        require(issuer.equals(claims.getString("iss", issuer)), "The access token was issued by another authorization server");
        require(resource.isAudience(claims.getValue("aud")), "The access token was not issued for this server");
        long expiresAt = Math.min(claims.getLong("exp", now + DAY_SECONDS), LATEST_SECONDS - skew) + skew;
        require(now < expiresAt, "The access token is expired");
        require(now + skew >= claims.getLong("nbf", now), "The access token is not valid yet");
        require(isProvable(claims.getValue("cnf")), "The access token is bound to something that cannot be proved here");
        String client = claims.getString("client_id", "");
        String subject = claims.getString("sub", client);
        if (subject.isEmpty()) {
            throw malformed("neither sub nor client_id");
        }
        Scopes granted = resource.hierarchy().expand(Scopes.parse(claims.getString("scope", "")));
        return new Principal(issuer, subject, client, granted.values(), expiresAt, claims);
    }

    /** Unbound, bound to a key alone (RFC 9449 §6.1), or to a certificate alone (RFC 8705 §3.1). */
    private static boolean isProvable(Object confirmation) {
        return confirmation == null || confirmation instanceof JsonObject bound && bound.size() == 1
            && (bound.getValue(VerifiedToken.KEY) instanceof String || bound.getValue(VerifiedToken.CERTIFICATE) instanceof String);
    }

    /** A member that is null says as little as one that is absent. */
    private static JsonObject withoutNulls(JsonObject claims) {
        JsonObject present = new JsonObject();
        claims.forEach(claim -> {
            if (claim.getValue() != null) {
                present.put(claim.getKey(), claim.getValue());
            }
        });
        return present;
    }

    private static void require(boolean good, String otherwise) {
        if (!good) {
            throw new InvalidTokenException(otherwise);
        }
    }

    private AuthServerUnavailableException malformed(String what) {
        return new AuthServerUnavailableException("The authorization server " + resource.authServer()
            + " describes an active token with " + what, 5);
    }
}

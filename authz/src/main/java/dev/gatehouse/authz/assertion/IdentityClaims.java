package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.assertion.AssertionOptions.AudienceOptions;
import dev.gatehouse.authz.consent.ApprovalStore.Approval;
import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.util.List;

/** The claims of an identity assertion that this server makes (draft-ietf-oauth-identity-assertion-authz-grant §3.1). */
public final class IdentityClaims {

    private final String self;
    private final Clock clock;

    /** @param self this server's issuer identifier */
    public IdentityClaims(String self, Clock clock) {
        this.self = self;
        this.clock = clock;
    }

    /**
     * The claims set, for {@link AudienceOptions#lifetimeSeconds}.
     *
     * @param clientId the client's name at the other server
     * @param confirmation what the client has proved to hold, or null
     */
    public JsonObject of(Approval approval, AudienceOptions audience, String clientId, List<String> resources, Scopes scopes,
                         Confirmation confirmation) {
        long now = clock.millis() / 1000;
        JsonObject claims = new JsonObject().put("iss", self).put("sub", approval.sub()).put("aud", audience.issuer())
            .put("client_id", clientId).put("jti", SecretToken.encode(SecretToken.randomBytes(16)))
            .put("iat", now).put("exp", now + audience.lifetimeSeconds()).put("auth_time", approval.authenticatedAt() / 1000);
        if (!resources.isEmpty()) {
            claims.put("resource", resources.size() == 1 ? resources.get(0) : new JsonArray(resources));
        }
        if (!scopes.isEmpty()) {
            claims.put("scope", scopes.toString());
        }
        if (confirmation != null) {
            claims.put("cnf", new JsonObject().put(confirmation.method(), confirmation.thumbprint()));
        }
        return person(approval, claims);
    }

    /** The address and name come from the operator. Users cannot change their own. */
    private static JsonObject person(Approval approval, JsonObject claims) {
        if (approval.email() != null && approval.scopes().contains("email")) {
            claims.put("email", approval.email()).put("email_verified", true);
        }
        return approval.name() != null && approval.scopes().contains("profile") ? claims.put("name", approval.name()) : claims;
    }

    /** Of the resources that are asked for, those that may be; {@code invalid_target} where none is left. */
    public static List<String> resources(List<String> asked, AudienceOptions audience) {
        List<String> allowed = asked.stream().map(text -> ResourceId.parse(text).value()).distinct()
            .filter(resource -> audience.resources().isEmpty() || audience.resources().contains(resource)).toList();
        if (allowed.isEmpty() && !asked.isEmpty()) {
            throw new OAuthException(OAuthErrorCode.INVALID_TARGET, "Identity assertions are not made for this resource");
        }
        return asked.isEmpty() ? audience.resources() : allowed;
    }

    /** Of the scopes that are asked for, those that may be; {@code invalid_scope} where none is left. */
    public static Scopes scopes(Scopes asked, AudienceOptions audience) {
        if (audience.scopes().isEmpty()) {
            return asked;
        }
        Scopes allowed = asked.isEmpty() ? Scopes.parse(String.join(" ", audience.scopes())) : asked.intersect(audience.scopes());
        if (allowed.isEmpty()) {
            throw new OAuthException(OAuthErrorCode.INVALID_SCOPE, "Identity assertions are not made for these scopes");
        }
        return allowed;
    }
}

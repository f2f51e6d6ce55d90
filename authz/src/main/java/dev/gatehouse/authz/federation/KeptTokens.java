package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.federation.UpstreamTokenRequests.UpstreamTokens;
import dev.gatehouse.authz.federation.UpstreamSessionStore.UpstreamSession;
import dev.gatehouse.shared.secret.Sealer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * The tokens and facts of a login that a later check needs. The store holds them encrypted, bound to the session.
 *
 * @param access the access token; null for OpenID Connect, where the refresh token is enough
 * @param refresh the refresh token, or null
 */
record KeptTokens(String access, String refresh, UpstreamPerson person) {

    /** @param before the refresh token of the last check, if the provider has not sent a new one */
    static KeptTokens of(IdentityProvider provider, UpstreamTokens tokens, String before, UpstreamPerson person) {
        return new KeptTokens(provider.isOpenId() ? null : tokens.access(), tokens.refresh() == null ? before : tokens.refresh(), person);
    }

    /** @param sessionId the identifier of the session in the store */
    byte[] seal(Sealer sealer, String sessionId) {
        return sealer.seal(new JsonObject().put("access", access).put("refresh", refresh).put("email", person.email())
            .put("emailVerified", person.emailVerified()).put("groups", new JsonArray(person.groups()))
            .put("organizations", new JsonArray(person.organizations())).encode(), sessionId);
    }

    static KeptTokens open(Sealer sealer, UpstreamSession session) {
        JsonObject json = new JsonObject(sealer.open(session.sealed(), session.id()));
        return new KeptTokens(json.getString("access"), json.getString("refresh"), new UpstreamPerson(session.identity(), null,
            json.getString("email"), json.getBoolean("emailVerified"), PersonClaims.texts(json.getJsonArray("groups")),
            PersonClaims.texts(json.getJsonArray("organizations")), null, null, List.of(), null));
    }

    @Override
    public String toString() {
        return "KeptTokens[…]";
    }
}

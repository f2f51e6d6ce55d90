package dev.gatehouse.authz.client;

import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the operator has decided for one client. Clients never set it themselves.
 *
 * @param consent when its users are asked
 * @param resources canonical identifiers of the resources that it may get tokens for; empty for all
 * @param accessTokenSeconds null for the server's own
 * @param refreshTokenIdleSeconds null for the server's own
 * @param refreshTokenAbsoluteSeconds null for the server's own
 * @param requirePushedRequests whether its authorization requests have to be pushed (RFC 9126 §6)
 * @param requireDpop whether its tokens have to be bound to a key (RFC 9449 §5.2)
 * @param tokenFormat of its access tokens, whatever a resource takes; null for the resource's
 * @param pkce what protects its codes from being injected
 * @param endpointAudience whether its assertions may be made out to the token endpoint (OpenID Connect Core §9)
 * @param keepsRefreshToken whether its refresh tokens stay the same when they are used, where the client proves who it is or
 *     the token is bound to a key (FAPI 2.0 §5.3.2.1)
 * @param grantTypes beyond which a client that describes itself gets none; null for no such bound
 * @param scopes beyond which a client that describes itself gets none; null for no such bound
 */
public record ClientPolicy(Consent consent, List<String> resources, Long accessTokenSeconds, Long refreshTokenIdleSeconds,
                           Long refreshTokenAbsoluteSeconds, boolean requirePushedRequests, boolean requireDpop,
                           TokenFormat tokenFormat, Pkce pkce, boolean endpointAudience, boolean keepsRefreshToken,
                           Set<String> grantTypes, Scopes scopes) {

    /** What has to protect the codes of a client from being injected (RFC 9700 §2.1.1). */
    public enum Pkce {
        /** PKCE. */
        REQUIRED,
        /** PKCE or, for a confidential client that asks for an ID token, a nonce. */
        NONCE,
        /** For a confidential client that asks for an ID token nothing that this server can see. */
        OPTIONAL
    }

    /** When a client's users are asked for their consent. */
    public enum Consent {
        /** Each time for a public client, and otherwise when it asks for more than was given before. */
        DEFAULT,
        /** Each time. */
        ALWAYS,
        /** Never: the operator's own application. */
        NEVER
    }

    /** Of a client for which nothing special was decided. */
    public static final ClientPolicy DEFAULT = new ClientPolicy(Consent.DEFAULT, List.of(), null, null, null, false, false, null,
        Pkce.REQUIRED, false, false, null, null);

    public ClientPolicy {
        resources = List.copyOf(resources);
        grantTypes = grantTypes == null ? null : Set.copyOf(grantTypes);
    }

    /** The policy as it is stored; only what differs from the default. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        if (consent != Consent.DEFAULT) {
            json.put("consent", consent.name());
        }
        if (!resources.isEmpty()) {
            json.put("resources", new JsonArray(resources));
        }
        putIfPresent(json, "accessTokenSeconds", accessTokenSeconds);
        putIfPresent(json, "refreshTokenIdleSeconds", refreshTokenIdleSeconds);
        putIfPresent(json, "refreshTokenAbsoluteSeconds", refreshTokenAbsoluteSeconds);
        putIfPresent(json, "requirePushedRequests", requirePushedRequests ? true : null);
        putIfPresent(json, "requireDpop", requireDpop ? true : null);
        putIfPresent(json, "tokenFormat", tokenFormat == null ? null : tokenFormat.wireName());
        putIfPresent(json, "pkce", pkce == Pkce.REQUIRED ? null : pkce.name());
        putIfPresent(json, "endpointAudience", endpointAudience ? true : null);
        putIfPresent(json, "keepsRefreshToken", keepsRefreshToken ? true : null);
        putIfPresent(json, "grantTypes", grantTypes == null ? null : new JsonArray(grantTypes.stream().sorted().toList()));
        putIfPresent(json, "scopes", scopes == null ? null : scopes.toString());
        return json;
    }

    /** This policy with other bounds. @param grantTypes null for those before. @param scopes null for those before */
    public ClientPolicy bounded(Set<String> grantTypes, Scopes scopes) {
        return new ClientPolicy(consent, resources, accessTokenSeconds, refreshTokenIdleSeconds, refreshTokenAbsoluteSeconds,
            requirePushedRequests, requireDpop, tokenFormat, pkce, endpointAudience, keepsRefreshToken, grantTypes == null ? this.grantTypes : grantTypes,
            scopes == null ? this.scopes : scopes);
    }

    /** This policy with another protection of codes. */
    public ClientPolicy withPkce(Pkce changed) {
        return new ClientPolicy(consent, resources, accessTokenSeconds, refreshTokenIdleSeconds, refreshTokenAbsoluteSeconds,
            requirePushedRequests, requireDpop, tokenFormat, changed, endpointAudience, keepsRefreshToken, grantTypes, scopes);
    }

    /** What is left of grant types that a client names. */
    Set<String> grantTypesOf(Set<String> named) {
        return grantTypes == null ? named : named.stream().filter(grantTypes::contains).collect(Collectors.toUnmodifiableSet());
    }

    /** What is left of scopes that a client may have by itself. */
    Scopes scopesOf(Scopes named) {
        return scopes == null ? named : named.intersect(scopes.values());
    }

    private static void putIfPresent(JsonObject json, String name, Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    /** Reads what {@link #toJson} wrote. */
    public static ClientPolicy of(JsonObject json) {
        return new ClientPolicy(Consent.valueOf(json.getString("consent", Consent.DEFAULT.name())),
            json.getJsonArray("resources", new JsonArray()).stream().map(String.class::cast).toList(),
            json.getLong("accessTokenSeconds"), json.getLong("refreshTokenIdleSeconds"),
            json.getLong("refreshTokenAbsoluteSeconds"), json.getBoolean("requirePushedRequests", false),
            json.getBoolean("requireDpop", false), TokenFormat.of(json.getString("tokenFormat")),
            Pkce.valueOf(json.getString("pkce", Pkce.REQUIRED.name())), json.getBoolean("endpointAudience", false),
            json.getBoolean("keepsRefreshToken", false),
            json.containsKey("grantTypes") ? json.getJsonArray("grantTypes").stream().map(String.class::cast).collect(Collectors.toSet()) : null,
            json.containsKey("scopes") ? Scopes.parse(json.getString("scopes")) : null);
    }
}

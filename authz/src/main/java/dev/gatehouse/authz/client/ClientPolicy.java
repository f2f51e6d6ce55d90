package dev.gatehouse.authz.client;

import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The operator's decisions for one client. Clients cannot change them.
 *
 * @param consent when the server asks for consent
 * @param resources normalized identifiers of the resources that it may get tokens for; empty for all
 * @param accessTokenSeconds null for the server's default
 * @param refreshTokenIdleSeconds null for the server's default
 * @param refreshTokenAbsoluteSeconds null for the server's default
 * @param requirePushedRequests whether its authorization requests must be pushed (RFC 9126 §6)
 * @param requireDpop whether its tokens must be bound to a key (RFC 9449 §5.2)
 * @param tokenFormat the format of its access tokens, which overrides the format of the resource; null for that of the resource
 * @param pkce the protection of its codes from injection
 * @param endpointAudience whether its assertions may have the token endpoint as audience (OpenID Connect Core §9)
 * @param keepsRefreshToken whether its refresh tokens are not rotated, if the client is confidential or the token is
 *     bound to a key (FAPI 2.0 §5.3.2.1)
 * @param grantTypes the most that a client that registers itself gets; null for no limit
 * @param scopes the most that a client that registers itself gets; null for no limit
 */
public record ClientPolicy(Consent consent, List<String> resources, Long accessTokenSeconds, Long refreshTokenIdleSeconds,
                           Long refreshTokenAbsoluteSeconds, boolean requirePushedRequests, boolean requireDpop,
                           TokenFormat tokenFormat, Pkce pkce, boolean endpointAudience, boolean keepsRefreshToken,
                           Set<String> grantTypes, Scopes scopes) {

    /** The required protection of codes from injection (RFC 9700 §2.1.1). */
    public enum Pkce {
        /** PKCE. */
        REQUIRED,
        /** PKCE or, for a confidential client that asks for an ID token, a nonce. */
        NONCE,
        /** For a confidential client that asks for an ID token, no protection that this server can check. */
        OPTIONAL
    }

    /** The times at which the server asks for consent. */
    public enum Consent {
        /** Each time for a public client; for any other client if it asks for more than the user has granted. */
        DEFAULT,
        /** Each time. */
        ALWAYS,
        /** Never: the operator's own application. */
        NEVER
    }

    /** The policy of a client without decisions. */
    public static final ClientPolicy DEFAULT = new ClientPolicy(Consent.DEFAULT, List.of(), null, null, null, false, false, null,
        Pkce.REQUIRED, false, false, null, null);

    public ClientPolicy {
        resources = List.copyOf(resources);
        grantTypes = grantTypes == null ? null : Set.copyOf(grantTypes);
    }

    /** Returns the stored form, with the values that differ from the default. */
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

    /** Returns this policy with other limits. @param grantTypes null for those before. @param scopes null for those before */
    public ClientPolicy bounded(Set<String> grantTypes, Scopes scopes) {
        return new ClientPolicy(consent, resources, accessTokenSeconds, refreshTokenIdleSeconds, refreshTokenAbsoluteSeconds,
            requirePushedRequests, requireDpop, tokenFormat, pkce, endpointAudience, keepsRefreshToken, grantTypes == null ? this.grantTypes : grantTypes,
            scopes == null ? this.scopes : scopes);
    }

    /** Returns this policy with another protection of codes. */
    public ClientPolicy withPkce(Pkce changed) {
        return new ClientPolicy(consent, resources, accessTokenSeconds, refreshTokenIdleSeconds, refreshTokenAbsoluteSeconds,
            requirePushedRequests, requireDpop, tokenFormat, changed, endpointAudience, keepsRefreshToken, grantTypes, scopes);
    }

    /** Returns the grant types that the policy allows, of those that a client names. */
    Set<String> grantTypesOf(Set<String> named) {
        return grantTypes == null ? named : named.stream().filter(grantTypes::contains).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the scopes that the policy allows, of those that a client may have. */
    Scopes scopesOf(Scopes named) {
        return scopes == null ? named : named.intersect(scopes.values());
    }

    private static void putIfPresent(JsonObject json, String name, Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    /** Reads the form of {@link #toJson}. */
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

    /** The format of an access token. */
    public enum TokenFormat {
        /** A random text. Resource servers introspect it, so a revocation takes effect at once. */
        OPAQUE,
        /** A JWT (RFC 9068). A resource server can validate it locally, and then does not see its revocation. */
        JWT;

        /** Returns the name in configuration and policies. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Returns the format of a wire name; null for null. Throws {@link IllegalArgumentException} for another text. */
        public static TokenFormat of(String wireName) {
            return wireName == null ? null : valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }
}

package dev.gatehouse.client.oauth;

import io.vertx.core.json.JsonObject;

/**
 * The user's configuration of the authorization at one server. A null value is discovered.
 *
 * @param issuer identifier of the only authorization server that the client's secrets may be sent to
 * @param clientMetadataUrl URL of a client ID metadata document, to be used where the server takes such
 * @param redirectUri {@link #OUT_OF_BAND}, or a loopback URL
 * @param resource value of the {@code resource} parameter instead of the discovered one
 * @param privateKey JWK or PEM for {@code private_key_jwt}
 * @param assertion JWT for the JWT bearer grant (RFC 7523), as a workload's platform issues it
 * @param dpop whether to bind tokens to a key; null where the server decides
 */
public record OAuthOptions(GrantKind grant, String authorizationUrl, String tokenUrl, String issuer, String clientId, String clientSecret,
                           String clientMetadataUrl, String scope, String redirectUri, String resource, String privateKey,
                           String signingAlgorithm, String assertion, IdentityProvider identityProvider, Boolean dpop) {

    /** The redirect URI by which a server shows the code to the user, who pastes it. */
    public static final String OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob";

    /** Everything discovered, in a browser. */
    public static final OAuthOptions DISCOVERED = of(new JsonObject());

    /** The grants by which this client gets tokens. */
    public enum GrantKind {
        AUTHORIZATION_CODE("authorization_code"), DEVICE_CODE("device_code"), CLIENT_CREDENTIALS("client_credentials"),
        JWT_BEARER("jwt_bearer"), IDENTITY_ASSERTION("identity_assertion");

        private final String key;

        GrantKind(String key) {
            this.key = key;
        }

        static GrantKind of(String key) {
            for (GrantKind grant : values()) {
                if (grant.key.equals(key)) {
                    return grant;
                }
            }
            throw new IllegalArgumentException(key);
        }
    }

    /** The company's identity provider, which exchanges an ID token for an identity assertion (enterprise-managed authorization). */
    public record IdentityProvider(String tokenUrl, String clientId, String idToken) {

        @Override
        public String toString() {
            return "IdentityProvider[" + tokenUrl + "]";
        }
    }

    /** Reads the {@code auth} object of a configuration, which has been checked. */
    public static OAuthOptions of(JsonObject auth) {
        JsonObject provider = auth.getJsonObject("identity_provider");
        return new OAuthOptions(GrantKind.of(auth.getString("grant", "authorization_code")), auth.getString("authorization_url"),
            auth.getString("token_url"), auth.getString("issuer"), auth.getString("client_id"), auth.getString("client_secret"),
            auth.getString("client_metadata_url"), auth.getString("scope"), auth.getString("redirect_uri"), auth.getString("resource"),
            auth.getString("private_key"), auth.getString("signing_algorithm"), auth.getString("assertion"),
            provider == null ? null : new IdentityProvider(provider.getString("token_url"), provider.getString("client_id"),
                provider.getString("id_token")), auth.getBoolean("dpop"));
    }

    /** The same with what a user names on the command line. A null value stays as it is. */
    public OAuthOptions with(String namedScope, String namedClient, GrantKind namedGrant, Boolean namedDpop) {
        return new OAuthOptions(namedGrant == null ? grant : namedGrant, authorizationUrl, tokenUrl, issuer, namedClient == null ? clientId : namedClient,
            namedClient == null ? clientSecret : null, clientMetadataUrl, namedScope == null ? scope : namedScope, redirectUri, resource, privateKey,
            signingAlgorithm, assertion, identityProvider, namedDpop == null ? dpop : namedDpop);
    }

    /** Returns true for a credential that these options could have led to: it is of the configured client and authorization server, where these are configured. */
    public boolean accepts(Credential credential) {
        return (clientId == null || clientId.equals(credential.client().id())) && (issuer == null || issuer.equals(credential.authorizationServer().name()));
    }

    /** Returns true when secrets stand in the configuration that only the right authorization server may see. */
    boolean hasSecret() {
        return clientSecret != null || privateKey != null || assertion != null || identityProvider != null;
    }

    /** Returns true when the configuration says where its secrets belong. */
    boolean namesServer() {
        return issuer != null || tokenUrl != null;
    }

    public boolean isOutOfBand() {
        return OUT_OF_BAND.equals(redirectUri);
    }

    @Override
    public String toString() {
        return "OAuthOptions[" + grant + ", " + clientId + "]";
    }
}

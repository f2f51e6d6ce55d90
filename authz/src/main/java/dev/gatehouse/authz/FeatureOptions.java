package dev.gatehouse.authz;

import dev.gatehouse.authz.assertion.AssertionOptions;
import dev.gatehouse.authz.authorize.AuthorizationOptions;
import dev.gatehouse.authz.authorize.PushedRequests.PushedRequestOptions;
import dev.gatehouse.authz.client.auth.ClientAuthOptions;
import dev.gatehouse.authz.client.auth.ClientCertificates.MutualTlsOptions;
import dev.gatehouse.authz.client.document.DocumentOptions;
import dev.gatehouse.authz.client.document.FetchingOptions;
import dev.gatehouse.authz.client.registration.DynamicRegistrationOptions;
import dev.gatehouse.authz.device.DeviceAuthorizations.DeviceOptions;
import dev.gatehouse.authz.dpop.DpopProofs.DpopOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * What goes beyond the authorization code, each part with a section of its own in the configuration.
 *
 * @param redirectSchemes schemes of applications, besides those that this server knows, that redirect URIs may have
 */
public record FeatureOptions(SigningOptions signing, DynamicRegistrationOptions dynamicRegistration, DocumentOptions documents, List<String> redirectSchemes,
                             PushedRequestOptions pushedRequests, AuthorizationOptions authorization, DpopOptions dpop, OpenIdOptions openid, DeviceOptions device,
                             AssertionOptions assertions, TokenExchangeOptions tokenExchange, ClientAuthOptions clientAuthentication,
                             FetchingOptions fetching, MutualTlsOptions mutualTls) {

    public FeatureOptions {
        redirectSchemes = List.copyOf(redirectSchemes);
    }

    static FeatureOptions of(JsonObject json, boolean demo) {
        JsonObject registration = section(json, "registration");
        return new FeatureOptions(
            SigningOptions.of(section(json, "signing"), demo),
            DynamicRegistrationOptions.of(section(registration, "dynamic"), demo),
            DocumentOptions.of(section(registration, "documents"), demo),
            AuthzOptions.texts(registration.getJsonArray("redirectSchemes", new JsonArray())),
            PushedRequestOptions.of(section(json, "pushedRequests"), demo),
            AuthorizationOptions.of(section(json, "authorization")),
            DpopOptions.of(section(json, "dpop"), demo),
            OpenIdOptions.of(section(json, "openid"), demo),
            DeviceOptions.of(section(json, "device"), demo),
            AssertionOptions.of(section(json, "assertions"), demo),
            TokenExchangeOptions.of(section(json, "tokenExchange"), demo),
            ClientAuthOptions.of(section(json, "clientAuthentication")),
            FetchingOptions.of(section(json, "fetching"), demo),
            MutualTlsOptions.of(section(json, "mutualTls")));
    }

    private static JsonObject section(JsonObject json, String name) {
        return json.getJsonObject(name, new JsonObject());
    }

    /**
     * Tokens for tokens (RFC 8693).
     *
     * @param enabled whether they are exchanged
     */
    public record TokenExchangeOptions(boolean enabled) {

        public static TokenExchangeOptions of(JsonObject json, boolean demo) {
            return new TokenExchangeOptions(json.getBoolean("enabled", true));
        }
    }

    /**
     * OpenID Connect.
     *
     * @param enabled whether this server is an OpenID provider
     * @param signedUserInfo whether userinfo answers with a JWT to clients that want one
     */
    public record OpenIdOptions(boolean enabled, boolean signedUserInfo) {

        public static OpenIdOptions of(JsonObject json, boolean demo) {
            return new OpenIdOptions(json.getBoolean("enabled", true), json.getBoolean("signedUserInfo", false));
        }
    }

    /**
     * The keys that tokens are signed with.
     *
     * @param algorithm ES256, EdDSA or RS256
     * @param rotationDays how long a key signs before the next takes over
     * @param publishAheadSeconds how long a key is published before it signs
     */
    public record SigningOptions(String algorithm, int rotationDays, long publishAheadSeconds) {

        public static SigningOptions of(JsonObject json, boolean demo) {
            return new SigningOptions(json.getString("algorithm", "ES256"), json.getInteger("rotationDays", 90),
                json.getLong("publishAheadSeconds", 900L));
        }
    }
}

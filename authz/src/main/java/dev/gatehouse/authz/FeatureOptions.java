package dev.gatehouse.authz;

import dev.gatehouse.authz.assertion.AssertionOptions;
import dev.gatehouse.authz.authorize.AuthorizationOptions;
import dev.gatehouse.authz.authorize.PushedRequestOptions;
import dev.gatehouse.authz.client.auth.ClientAuthOptions;
import dev.gatehouse.authz.client.auth.MutualTlsOptions;
import dev.gatehouse.authz.client.document.DocumentOptions;
import dev.gatehouse.authz.client.document.FetchingOptions;
import dev.gatehouse.authz.client.registration.DynamicRegistrationOptions;
import dev.gatehouse.authz.device.DeviceOptions;
import dev.gatehouse.authz.dpop.DpopOptions;
import dev.gatehouse.authz.exchange.TokenExchangeOptions;
import dev.gatehouse.authz.key.SigningOptions;
import dev.gatehouse.authz.oidc.OpenIdOptions;
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
}

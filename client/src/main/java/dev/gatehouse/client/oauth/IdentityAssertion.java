package dev.gatehouse.client.oauth;

import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.http.SecureUrl;
import io.vertx.core.Future;

import java.util.LinkedHashMap;
import java.util.Map;

/** Exchanges the ID token of a company's identity provider for an identity assertion that another authorization server takes (RFC 8693). */
final class IdentityAssertion {

    private static final String TOKEN_TYPE = "urn:ietf:params:oauth:token-type:";

    private final HttpCaller http;
    private final OAuthOptions.IdentityProvider provider;

    IdentityAssertion(HttpCaller http, OAuthOptions.IdentityProvider provider) {
        this.http = http;
        this.provider = provider;
    }

    Future<String> exchange(AuthorizationServer audience, String resource, String scope) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
        parameters.put("requested_token_type", TOKEN_TYPE + "id-jag");
        parameters.put("audience", audience.issuer());
        parameters.put("resource", resource);
        if (scope != null) {
            parameters.put("scope", scope);
        }
        parameters.put("subject_token", provider.idToken());
        parameters.put("subject_token_type", TOKEN_TYPE + "id_token");
        parameters.put("client_id", provider.clientId());
        return http.call(HttpCall.postForm(SecureUrl.require(provider.tokenUrl(), "The identity provider's token_url"), parameters)).map(answer -> {
            String assertion = answer.status() != 200 ? null : answer.json().map(body -> Members.text(body, "access_token")).orElse(null);
            if (assertion == null) {
                throw TokenRequests.refusal("The identity provider refused the exchange", answer);
            }
            return assertion;
        });
    }
}

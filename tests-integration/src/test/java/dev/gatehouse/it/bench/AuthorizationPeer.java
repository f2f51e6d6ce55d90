package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.OAuthClient;
import io.vertx.core.json.JsonObject;

import java.util.Map;

/** The endpoints of another authorization server, whose client has the credentials of the demo client. @param scope the end of the form of a token request */
record AuthorizationPeer(int port, String tokenUrl, String introspectionUrl, String scope) {
    private static final String BASIC = OAuthClient.basic(OAuthClient.TEST_ID, OAuthClient.TEST_SECRET);

    /** Requests a token of the client. */
    Source token() {
        return constant(tokenUrl, tokenForm());
    }

    /** Introspects one token. */
    Source introspection() {
        String token = new JsonObject(Http.post(tokenUrl, Http.FORM, tokenForm(), "Authorization", BASIC).body()).getString("access_token");
        return constant(introspectionUrl, "token=" + token);
    }

    private String tokenForm() {
        return "grant_type=client_credentials" + scope;
    }

    private static Source constant(String url, String form) {
        return RequestBytes.constant(RequestBytes.post(url, Http.FORM, form, Map.of("Authorization", BASIC)));
    }
}

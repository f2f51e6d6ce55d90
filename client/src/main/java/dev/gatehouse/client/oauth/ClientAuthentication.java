package dev.gatehouse.client.oauth;

import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.shared.http.FormParameters;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Authenticates the client at the token endpoint (RFC 6749 §2.3, RFC 7523 §2.2). Pure but for the signature's random parts. */
final class ClientAuthentication {

    static final String NONE = "none";
    static final String BASIC = "client_secret_basic";
    static final String POST = "client_secret_post";
    static final String PRIVATE_KEY_JWT = "private_key_jwt";

    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final OAuthClient client;
    private final AssertionKey key;

    /** @param key for {@code private_key_jwt}, or null */
    ClientAuthentication(OAuthClient client, AssertionKey key) {
        this.client = client;
        this.key = key;
    }

    /** The method to use: the client's own, else the first of the server's that the client has the credentials for. */
    String method(AuthorizationServer server) {
        List<String> supported = server.list("token_endpoint_auth_methods_supported");
        if (key != null) {
            return PRIVATE_KEY_JWT;
        }
        if (client.method() != null && (supported.isEmpty() || supported.contains(client.method()))) {
            return client.method();
        }
        if (client.secret() == null || supported.equals(List.of(NONE))) {
            return NONE;
        }
        // RFC 8414 §2: servers without the list support client_secret_basic.
        return !supported.contains(BASIC) && supported.contains(POST) ? POST : BASIC;
    }

    /** Returns the token request with the client's authentication. */
    HttpCall authenticate(AuthorizationServer server, Map<String, String> parameters, Instant now) {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        String method = method(server);
        if (method.equals(BASIC)) {
            String credentials = FormParameters.encode(client.id()) + ":" + FormParameters.encode(client.secret());
            return HttpCall.postForm(server.tokenEndpoint(), all).with("Authorization",
                "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        }
        all.put("client_id", client.id());
        if (method.equals(POST)) {
            all.put("client_secret", client.secret());
        }
        if (method.equals(PRIVATE_KEY_JWT)) {
            String audience = server.issuer() == null ? server.tokenEndpoint().toString() : server.issuer();
            all.put("client_assertion_type", ASSERTION_TYPE);
            all.put("client_assertion", key.assertion(client.id(), audience, now));
        }
        return HttpCall.postForm(server.tokenEndpoint(), all);
    }
}

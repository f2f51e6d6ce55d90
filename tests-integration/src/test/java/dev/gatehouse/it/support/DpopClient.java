package dev.gatehouse.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.fixtures.ProofMaker;
import io.vertx.core.json.JsonObject;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** A client whose tokens are bound to its key. At a resource it uses the last nonce that it was given there. */
public final class DpopClient {
    private final OAuthClient client;
    private final ProofMaker key;
    private volatile String nonce;

    public DpopClient(OAuthClient client, ProofMaker key) {
        this.client = client;
        this.key = key;
    }

    public ProofMaker key() {
        return key;
    }

    /** A request at the token endpoint with this proof. */
    public HttpResponse<String> tokenWith(String proof, String... form) {
        return client.authenticated("/oauth/token", OAuthClient.change(new LinkedHashMap<>(), form), "DPoP", proof);
    }

    /** A request at the token endpoint with a right proof. */
    public HttpResponse<String> token(String... form) {
        return tokenWith(key.proof("POST", client.tokenUrl()), form);
    }

    public HttpResponse<String> redeem(String code, Pkce pkce) {
        return token("grant_type", "authorization_code", "code", code, "code_verifier", pkce.verifier(), "redirect_uri", client.redirectUri());
    }

    public HttpResponse<String> refresh(Tokens tokens) {
        return token("grant_type", "refresh_token", "refresh_token", tokens.refresh());
    }

    /** Tokens of the demo user, bound to the key. */
    public Tokens tokens(Journey journey) {
        Pkce pkce = Pkce.fresh();
        HttpResponse<String> response = redeem(journey.code(client, pkce), pkce);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Tokens.of(response.body());
    }

    /** One MCP message with a right proof, once more if a nonce was asked for. */
    public HttpResponse<String> call(String url, String token, String body, Map<String, String> headers) {
        HttpResponse<String> answer = call(url, token, body, headers, key.proof("POST", url, token, nonce));
        if (answer.statusCode() != 401 || !String.join(" ", answer.headers().allValues("WWW-Authenticate")).contains("use_dpop_nonce")) {
            return answer;
        }
        nonce = answer.headers().firstValue("DPoP-Nonce").orElseThrow();
        return call(url, token, body, headers, key.proof("POST", url, token, nonce));
    }

    /** One MCP message with this proof. */
    public HttpResponse<String> call(String url, String token, String body, Map<String, String> headers, String proof) {
        HttpRequest.Builder request = McpSession.message(url, null, body).header("Authorization", "DPoP " + token);
        headers.forEach(request::header);
        return Http.send(proof == null ? request : request.header("DPoP", proof));
    }

    /** A proof that the resource takes, with the nonce it may ask for. */
    public String freshProof(String url, String token) {
        assertThat(call(url, token, PING, Map.of()).statusCode()).isEqualTo(400);
        return key.proof("POST", url, token, nonce);
    }

    /** Sends a request without a session: status 400 with a valid token, 401 without. */
    public static final String PING = new JsonObject().put("jsonrpc", "2.0").put("id", 0).put("method", "ping").encode();
}

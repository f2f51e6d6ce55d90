package dev.gatehouse.authz.support;

import dev.gatehouse.fixtures.ProofMaker;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** A client that proves possession of its key at the token endpoint of a server under test. */
public final class KeyBoundClient {

    private final RunningServer server;
    private final ProofMaker key;

    public KeyBoundClient(RunningServer server) {
        this.server = server;
        this.key = new ProofMaker(server.clock());
    }

    public String thumbprint() {
        return key.thumbprint();
    }

    public JsonObject privateKey() {
        return key.privateKey();
    }

    /** A right proof for the token endpoint. */
    public String proof() {
        return proof(header -> { }, claims -> { });
    }

    public String proof(String nonce) {
        return proof(header -> { }, claims -> claims.put("nonce", nonce));
    }

    /** A proof for the token endpoint that is changed. */
    public String proof(Consumer<JsonObject> header, Consumer<JsonObject> claims) {
        return key.proof("POST", server.issuer() + "/oauth/token", header, claims);
    }

    /** Calls the userinfo endpoint with the token and a proof. The proof has the nonce unless it is null. */
    public Answer userInfo(String token, String nonce) {
        return server.send(server.request("/oauth/userinfo", "DPoP " + token).header("DPoP", proof("GET", "/oauth/userinfo", token, nonce)));
    }

    /** A proof for a request with an access token. @param nonce null for none */
    public String proof(String method, String path, String token, String nonce) {
        return key.proof(method, server.issuer() + path, header -> { }, claims -> {
            claims.put("ath", SecretToken.encode(SecretToken.sha256(token.getBytes(StandardCharsets.US_ASCII))));
            if (nonce != null) {
                claims.put("nonce", nonce);
            }
        });
    }

    /** Posts a form to the token endpoint with these header fields. */
    public Answer post(List<String> proofs, String authorization, String... form) {
        HttpRequest.Builder request = server.request("/oauth/token", authorization)
            .POST(HttpRequest.BodyPublishers.ofString(RunningServer.encode(form)))
            .header("Content-Type", "application/x-www-form-urlencoded");
        proofs.forEach(proof -> request.header("DPoP", proof));
        return server.send(request);
    }

    /** Tokens of the user for a public client, bound to this key. */
    public JsonObject login(String clientId) {
        Approval approval = server.approve(clientId);
        return post(List.of(proof()), null, "grant_type", "authorization_code", "client_id", clientId, "code", approval.code(),
            "code_verifier", approval.verifier()).requireOk().json();
    }

    public Answer refresh(String clientId, JsonObject tokens) {
        return post(List.of(proof()), null, "grant_type", "refresh_token", "client_id", clientId,
            "refresh_token", tokens.getString("refresh_token"));
    }
}

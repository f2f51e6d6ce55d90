package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.ProofMaker;
import dev.gatehouse.it.support.DpopClient;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Tokens bound to a key, in the hands of who has not the key (RFC 9449 §11). */
@Gatehouse
final class DpopIT {
    private static final Consumer<JsonObject> SAME = unchanged -> { };
    private final RunningGatehouse gatehouse;
    private final OAuthClient client;
    private final DpopClient holder;
    private final DpopClient thief;

    DpopIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        client = gatehouse.client();
        holder = new DpopClient(client, new ProofMaker(Clock.systemUTC()));
        thief = new DpopClient(client, new ProofMaker(Clock.systemUTC()));
    }

    @Test
    void wrongProofsYieldNoTokens() {
        List<Consumer<JsonObject>> headers = List.of(header -> header.put("typ", "JWT"), header -> header.put("alg", "none"),
            header -> header.put("alg", "HS256"), header -> header.put("jwk", holder.key().privateKey()));
        headers.forEach(change -> refusedProof(holder.key().proof("POST", client.tokenUrl(), change, SAME)));
        List<Consumer<JsonObject>> claims = List.of(claim -> claim.put("htm", "GET"), claim -> claim.put("htm", "post"),
            claim -> claim.put("htu", client.tokenUrl().replace("http:", "https:")),
            claim -> claim.put("htu", client.tokenUrl().replace("localhost", "example.com")),
            claim -> claim.put("htu", client.issuer() + "/oauth/introspect"),
            claim -> claim.put("iat", Instant.now().getEpochSecond() - 120), claim -> claim.put("iat", Instant.now().getEpochSecond() + 120),
            claim -> claim.put("jti", "x".repeat(300)));
        claims.forEach(change -> refusedProof(holder.key().proof("POST", client.tokenUrl(), SAME, change)));
        String good = holder.key().proof("POST", client.tokenUrl());
        refusedProof(good.substring(0, good.lastIndexOf('.') + 1) + SecretToken.encode(new byte[64]));
        HttpResponse<String> two = client.authenticated("/oauth/token", OAuthClient.change(new LinkedHashMap<>(),
            "grant_type", "client_credentials"), "DPoP", good, "DPoP", good);
        assertError(two, "invalid_dpop_proof");
        assertThat(holder.tokenWith(good, "grant_type", "client_credentials").statusCode()).isEqualTo(200);
        String withQuery = holder.key().proof("POST", client.tokenUrl() + "?x=y", SAME, SAME);
        assertThat(holder.tokenWith(withQuery, "grant_type", "client_credentials").statusCode()).isEqualTo(200);
    }

    private void refusedProof(String proof) {
        assertError(holder.tokenWith(proof, "grant_type", "client_credentials"), "invalid_dpop_proof");
    }

    @Test
    void boundTokenIsDescribedAsBound() {
        Tokens tokens = holder.tokens(gatehouse.journey());
        assertThat(tokens.json().getString("token_type")).isEqualTo("DPoP");
        JsonObject claims = new JsonObject(client.introspect(tokens.access()).body());
        assertThat(claims.getString("token_type")).isEqualTo("DPoP");
        assertThat(claims.getJsonObject("cnf").getString("jkt")).isEqualTo(holder.key().thumbprint());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/mcp", "/messages", "/sse"})
    void stolenTokenOpensNothing(String path) {
        String url = gatehouse.mcpOrigin() + path;
        String token = holder.tokens(gatehouse.journey()).access();
        ProofMaker key = holder.key();
        String nonce = nonce(url, token);
        refused(Http.send(McpSession.message(url, token, DpopClient.PING)), "invalid_token");
        refused(holder.call(url, token, DpopClient.PING, Map.of(), null), "invalid_dpop_proof");
        refused(thief.call(url, token, DpopClient.PING, Map.of(), thief.key().proof("POST", url, token, nonce)), "invalid_token");
        refused(holder.call(url, token, DpopClient.PING, Map.of(), key.proof("POST", url, "other", nonce)), "invalid_dpop_proof");
        refused(holder.call(url, token, DpopClient.PING, Map.of(), key.proof("POST", gatehouse.mcpOrigin() + "/other", token, nonce)), "invalid_dpop_proof");
        String proof = key.proof("POST", url, token, nonce);
        assertThat(holder.call(url, token, DpopClient.PING, Map.of(), proof).statusCode()).isNotIn(401, 403);
        refused(holder.call(url, token, DpopClient.PING, Map.of(), proof), "invalid_dpop_proof");
    }

    private String nonce(String url, String token) {
        HttpResponse<String> asked = holder.call(url, token, DpopClient.PING, Map.of(), holder.key().proof("POST", url, token, "none"));
        refused(asked, "use_dpop_nonce");
        return asked.headers().firstValue("DPoP-Nonce").orElseThrow();
    }

    private void refused(HttpResponse<String> answer, String error) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow()).startsWith("DPoP error=\"" + error + "\"")
            .contains("algs=\"ES256 ", "resource_metadata=\"" + gatehouse.mcpOrigin());
    }

    @Test
    void wholeSessionRunsOnBoundTokens() {
        String token = holder.tokens(gatehouse.journey()).access();
        String url = gatehouse.mcp();
        HttpResponse<String> opened = holder.call(url, token, McpSession.initializeRequest().encode(), Map.of());
        assertThat(opened.statusCode()).as(opened.body()).isEqualTo(200);
        Map<String, String> session = Map.of("Mcp-Session-Id", opened.headers().firstValue("Mcp-Session-Id").orElseThrow(),
            "MCP-Protocol-Version", McpSession.VERSION);
        assertThat(holder.call(url, token, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", session).statusCode()).isEqualTo(202);
        String body = new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", "tools/call")
            .put("params", new JsonObject().put("name", "get_user_profile").put("arguments", new JsonObject())).encode();
        HttpResponse<String> profile = holder.call(url, token, body, session);
        assertThat(McpSession.answer(profile).getJsonObject("result").getJsonObject("structuredContent").getString("user_id")).isEqualTo("testuser");
        assertThat(Http.send(McpSession.message(url, token, body).header("Mcp-Session-Id", session.get("Mcp-Session-Id"))).statusCode()).isEqualTo(401);
    }

    @Test
    void codeBoundToAKeyIsWorthNothingWithoutIt() {
        Pkce pkce = Pkce.fresh();
        String code = gatehouse.journey().code(client, pkce, "dpop_jkt", holder.key().thumbprint());
        assertError(thief.redeem(code, pkce), "invalid_grant");
        assertError(client.redeem(code, pkce), "invalid_grant");
        HttpResponse<String> redeemed = holder.redeem(code, pkce);
        assertThat(redeemed.statusCode()).as(redeemed.body()).isEqualTo(200);
        assertError(thief.redeem(code, pkce), "invalid_grant");
        assertThat(client.active(Tokens.of(redeemed.body()).access())).isTrue();
    }

    @Test
    void proofAtThePushedRequestBindsTheCode() {
        String par = client.issuer() + "/oauth/par";
        Pkce pkce = Pkce.fresh();
        Map<String, String> form = Http.query(URI.create(client.authorizationUrl(pkce)));
        assertError(client.authenticated("/oauth/par", OAuthClient.change(new LinkedHashMap<>(form), "dpop_jkt", thief.key().thumbprint()),
            "DPoP", holder.key().proof("POST", par)), "invalid_dpop_proof");
        assertError(client.authenticated("/oauth/par", new LinkedHashMap<>(form), "DPoP", holder.key().proof("POST", client.tokenUrl())),
            "invalid_dpop_proof");
        HttpResponse<String> pushed = client.authenticated("/oauth/par", new LinkedHashMap<>(form), "DPoP", holder.key().proof("POST", par));
        assertThat(pushed.statusCode()).as(pushed.body()).isEqualTo(201);
        String url = client.issuer() + "/oauth/authorize?client_id=" + client.id() + "&request_uri="
            + Http.encode(new JsonObject(pushed.body()).getString("request_uri"));
        String code = Http.query(gatehouse.journey().allow(url)).get("code");
        assertError(thief.redeem(code, pkce), "invalid_grant");
        assertError(client.redeem(code, pkce), "invalid_grant");
        assertThat(holder.redeem(code, pkce).statusCode()).isEqualTo(200);
    }

    @Test
    void malformedThumbprintIsRefusedAtTheAuthorizationEndpoint() {
        HttpResponse<String> answer = Http.get(client.authorizationUrl(Pkce.fresh(), "dpop_jkt", "short"));
        assertThat(answer.headers().firstValue("Location").orElseThrow()).contains("error=invalid_request").startsWith(client.redirectUri());
    }

    @Test
    void publicClientsRefreshTokenIsWorthNothingWithoutItsKey() {
        OAuthClient open = gatehouse.publicClient();
        DpopClient owner = new DpopClient(open, holder.key());
        DpopClient robber = new DpopClient(open, thief.key());
        Tokens first = owner.tokens(gatehouse.journey());
        assertError(robber.refresh(first), "invalid_grant");
        assertError(open.refresh(first.refresh()), "invalid_grant");
        Tokens second = Tokens.of(owner.refresh(first).body());
        assertError(robber.refresh(first), "invalid_grant");
        assertThat(Tokens.of(owner.refresh(first).body()).refresh()).as("the lost answer").isEqualTo(second.refresh());
        assertThat(gatehouse.active(second.access())).isTrue();
        assertThat(owner.refresh(second).statusCode()).isEqualTo(200);
    }

    private static void assertError(HttpResponse<String> response, String error) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(new JsonObject(response.body()).getString("error")).isEqualTo(error);
    }
}

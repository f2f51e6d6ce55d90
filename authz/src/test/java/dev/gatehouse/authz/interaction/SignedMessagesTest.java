package dev.gatehouse.authz.interaction;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientMetadata;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.authz.support.OtherIssuer;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.authz.support.Requests;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.jose.FixedKeys;
import dev.gatehouse.shared.jose.JwtRules;
import dev.gatehouse.shared.jose.JwtVerifier;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Posted and signed answers, and signed requests, where they are on. */
final class SignedMessagesTest extends BrowserTest {

    private static final String ACTION = "http://127.0.0.1:41100/callback";
    private OtherIssuer signer;

    @Override
    protected JsonObject configuration() {
        return new JsonObject().put("authorization", new JsonObject().put("formPost", true).put("signedResponses", true).put("requestObjects", true));
    }

    @BeforeEach
    void addSigner() {
        signer = new OtherIssuer("signer", server.clock());
        server.running().add(signing("signer", new JsonObject()));
        server.running().add(signing("always", new JsonObject().put("require_signed_request_object", true)));
        server.running().add(signing("es384", new JsonObject().put("request_object_signing_alg", "ES384")));
    }

    private Client signing(String id, JsonObject metadata) {
        return Clients.publicClient(id).withMetadata(new ClientMetadata(metadata.put("jwks", signer.jwks())));
    }

    @Test
    void metadataNamesThemExactlyWhileTheyAreOn() {
        JsonObject on = metadata();
        assertThat(on.getJsonArray("response_modes_supported")).containsExactly("query", "form_post", "jwt", "query.jwt", "form_post.jwt");
        assertThat(on.getJsonArray("authorization_signing_alg_values_supported")).containsExactly("ES256");
        assertThat(on.getBoolean("request_parameter_supported")).isTrue();
        assertThat(on.getBoolean("request_uri_parameter_supported")).isFalse();
        assertThat(on.getJsonArray("request_object_signing_alg_values_supported")).contains("ES256", "PS256").doesNotContain("none", "HS256");
        server.restart(new JsonObject().put("authorization", new JsonObject().put("formPost", false).put("signedResponses", false).put("requestObjects", false)));
        JsonObject off = metadata();
        assertThat(off.getJsonArray("response_modes_supported")).containsExactly("query");
        assertThat(off.getBoolean("request_parameter_supported")).isFalse();
        assertThat(off.fieldNames()).doesNotContain("authorization_signing_alg_values_supported", "request_object_signing_alg_values_supported");
        for (String mode : List.of("form_post", "jwt", "query.jwt", "form_post.jwt")) {
            assertThat(server.browser().get(authorize("response_mode", mode)).answer()).containsEntry("error", "invalid_request");
        }
        assertThat(server.browser().get(authorize("request", object(claims -> { }))).answer()).containsEntry("error", "request_not_supported");
    }

    @Test
    void answerIsPostedByAFormThatAScriptOfOursOrThePersonSends() {
        Browser browser = server.browser();
        Page page = approve(browser, login(browser, authorize("response_mode", "form_post", "state", "<&\">")));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.form().action()).isEqualTo(ACTION);
        assertThat(page.fields()).containsEntry("iss", server.issuer()).containsEntry("state", "<&\">").containsKey("code");
        assertThat(page.header("Content-Security-Policy")).contains("script-src 'self'", "form-action 'self'").doesNotContain("unsafe-inline");
        assertThat(page.body()).contains("/assets/post-").contains("<button").contains("&lt;&amp;&quot;&gt;");
        assertThat(page.header("Cache-Control")).isEqualTo("no-store");
        assertThat(redeem(page.fields().get("code"), "confidential").status()).as("client authentication").isEqualTo(401);
    }

    @Test
    void errorIsPostedTooAndOneOfAnUnknownClientWaitsForThePerson() {
        Page known = server.browser().get(authorize("response_mode", "form_post", "scope", "nothing"));
        assertThat(known.form().action()).isEqualTo(ACTION);
        assertThat(known.fields()).containsEntry("error", "invalid_scope").containsEntry("state", "xyz");
        assertThat(server.browser().get(authorize("response_mode", "form_post", "redirect_uri", "com.example.app:/callback")).answer())
            .as("an app's scheme takes no form").containsEntry("error", "invalid_request");
    }

    @Test
    void signedAnswerHoldsEverythingAndIsOfThisServerForThisClient() {
        Browser browser = server.browser();
        Map<String, String> answer = approve(browser, login(browser, authorize("response_mode", "jwt"))).answer();
        assertThat(answer).containsOnlyKeys("response");
        JsonObject claims = verified(answer.get("response"));
        assertThat(claims.getString("iss")).isEqualTo(server.issuer());
        assertThat(claims.getString("aud")).isEqualTo("confidential");
        assertThat(claims.getLong("exp")).isEqualTo(server.clock().millis() / 1000 + 600);
        assertThat(claims.getString("state")).isEqualTo("xyz");
        assertThat(claims.getString("code")).startsWith("ghc_");
        assertThat(claims.containsKey("sub")).isFalse();
        assertThat(verified(server.browser().get(authorize("response_mode", "query.jwt", "prompt", "none")).answer().get("response")).getString("error"))
            .isEqualTo("login_required");
        Page posted = server.browser().get(authorize("response_mode", "form_post.jwt", "scope", "nothing"));
        assertThat(verified(posted.fields().get("response")).getString("error")).isEqualTo("invalid_scope");
        assertThat(server.browser().get(authorize("id_token_hint", answer.get("response"))).answer()).as("no ID token").containsEntry("error", "invalid_request");
    }

    @Test
    void requestObjectIsTheWholeRequest() {
        Browser browser = server.browser();
        Page consent = login(browser, bySigner(object(claims -> claims.put("scope", "mcp:read").put("state", "inside"))) + "&scope=mcp%3Awrite&state=outside");
        assertThat(approve(browser, consent).answer()).containsEntry("state", "inside").containsKey("code");
        assertThat(server.rows("SELECT scopes FROM authorization_grant")).singleElement().satisfies(row -> assertThat(row.text("scopes")).isEqualTo("mcp:read"));
        assertThat(approve(browser, browser.get(bySigner(object(claims -> claims.remove("state"))) + "&state=outside")).answer()).doesNotContainKey("state");
    }

    @Test
    void requestObjectIsPushedToo() {
        Answer pushed = push("signer", object(claims -> claims.put("state", "inside")));
        assertThat(pushed.status()).as(pushed.body()).isEqualTo(201);
        Browser browser = server.browser();
        Page consent = login(browser, "/oauth/authorize?" + RunningServer.encode("client_id", "signer", "request_uri", pushed.json().getString("request_uri")));
        assertThat(approve(browser, consent).answer()).containsEntry("state", "inside").containsKey("code");
        push("signer", object(claims -> claims.put("client_id", "confidential"))).requireError(400, "invalid_request_object");
        push("signer", object(claims -> claims.put("scope", "nothing"))).requireError(400, "invalid_scope");
        push("signer", object(claims -> claims.put("request_uri", "https://evil.test/"))).requireError(400, "invalid_request_object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "aud", "exp", "client_id"})
    void requestObjectSaysWhoseAndForWhomAndHowLong(String claim) {
        assertRefused(object(claims -> claims.remove(claim)));
        assertRefused(object(claims -> claims.put(claim, claim.equals("exp") ? server.clock().millis() / 1000 - 60 : "https://other.test")));
    }

    @Test
    void requestObjectOfAnotherKindOrTimeOrKeyIsRefused() {
        assertThat(server.browser().get(bySigner(object(claims -> { }))).isLogin()).isTrue();
        long now = server.clock().millis() / 1000;
        assertRefused(object(claims -> claims.put("exp", now + 7200)));
        assertRefused(object(claims -> claims.put("nbf", now + 120)));
        assertRefused(object(claims -> claims.put("sub", "signer")));
        assertRefused(object(claims -> claims.put("request", "x")));
        assertRefused(new OtherIssuer("signer", server.clock()).sign(new JsonObject(), claims().encode()));
        assertRefused("e30.e30.");
        assertRefused(signer.sign(new JsonObject().put("alg", "none"), claims().encode()));
        assertRefused(signer.sign(new JsonObject().put("typ", "client-authentication+jwt"), claims().encode()));
        assertThat(server.rows("SELECT * FROM interaction")).hasSize(1);
    }

    @Test
    void clientThatSignsAlwaysIsHeldToItAndToItsAlgorithm() {
        assertThat(server.browser().get(authorize("client_id", "always")).answer()).containsEntry("error", "invalid_request");
        assertThat(server.browser().get(request("always", object("always", claims -> { }))).isLogin()).isTrue();
        assertThat(server.browser().get(request("es384", object("es384", claims -> { }))).isLogin()).isFalse();
    }

    private void assertRefused(String object) {
        Page page = server.browser().get(bySigner(object), "Accept", "application/json");
        assertThat(page.status()).as(page.body()).isEqualTo(400);
        assertThat(new JsonObject(page.body()).getString("error")).isEqualTo("invalid_request_object");
        assertThat(page.location()).isNull();
    }

    private Answer push(String client, String object) {
        return server.running().post("/oauth/par", "client_id", client, "request", object);
    }

    private static String request(String client, String object) {
        return "/oauth/authorize?" + RunningServer.encode("client_id", client, "request", object);
    }

    private static String bySigner(String object) {
        return request("signer", object);
    }

    private String object(Consumer<JsonObject> changes) {
        return object("signer", changes);
    }

    private String object(String client, Consumer<JsonObject> changes) {
        JsonObject claims = claims().put("iss", client).put("client_id", client);
        changes.accept(claims);
        return signer.sign(new JsonObject().put("typ", "oauth-authz-req+jwt"), claims.encode());
    }

    private JsonObject claims() {
        long now = server.clock().millis() / 1000;
        return new JsonObject().put("iss", "signer").put("aud", server.issuer()).put("exp", now + 300).put("nbf", now).put("client_id", "signer")
            .put("response_type", "code").put("redirect_uri", FrontServer.CALLBACK).put("scope", "mcp:read").put("state", "s")
            .put("code_challenge", Requests.CHALLENGE).put("code_challenge_method", "S256").put("max_age", 3600)
            .put("resource", new JsonArray().add("http://localhost:8001/mcp"));
    }

    private Answer redeem(String code, String client) {
        return server.running().post("/oauth/token", "grant_type", "authorization_code", "client_id", client, "code", code);
    }

    private JsonObject metadata() {
        return server.running().send(server.running().request("/.well-known/openid-configuration", null).GET()).requireOk().json();
    }

    private JsonObject verified(String jwt) {
        Vertx vertx = Vertx.vertx();
        try {
            JsonObject keys = server.running().send(server.running().request("/oauth/jwks", null).GET()).requireOk().json();
            return Waiting.on(new JwtVerifier(vertx).verify(jwt, JwtRules.typed("JWT"), FixedKeys.parse(keys))).claims();
        } finally {
            Waiting.on(vertx.close());
        }
    }
}

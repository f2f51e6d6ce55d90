package dev.gatehouse.authz.oidc;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static dev.gatehouse.authz.support.RunningServer.SUB;
import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.KeyBoundClient;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.shared.jose.UnverifiedJwt;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A resource server that is sent a token learns nothing of the person at userinfo; the client that the person logged in to does. */
class UserInfoTest {

    private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String SCOPES = "openid profile email mcp:read";
    private static final String APP = basic("app", "s3cret");
    private static final String URN = "urn:example:notes";
    private static RunningServer server;
    private static String userInfo;

    @BeforeAll
    static void start() {
        server = RunningServer.start(new JsonObject().put("resources", new JsonArray().add(new JsonObject().put("resource", URN))));
        userInfo = server.issuer() + "/oauth/userinfo";
        server.add(client("app", List.of(), "authorization_code", "refresh_token", EXCHANGE));
        server.add(client("mcp-server", List.of(RESOURCE), EXCHANGE));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Client client(String id, List<String> served, String... grants) {
        Client plain = Clients.withGrants(id, "s3cret", grants);
        return new Client(plain.id(), plain.name(), plain.secrets(), plain.authMethods(), plain.redirectUris(), Set.of(grants),
            Scopes.parse(SCOPES), served, 0);
    }

    @Test
    void tokenForAResourceOpensNothingHereThoughItHasTheIdentityScopes() {
        JsonObject tokens = redeem(SCOPES);
        assertThat(audience(tokens)).isEqualTo(RESOURCE);
        Answer refused = userInfo(tokens);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("WWW-Authenticate")).contains("invalid_token");
        assertThat(refused.body()).doesNotContain("alice");
        assertThat(tokens.getString("id_token")).isNotEmpty();
        assertThat(userInfo(redeem(SCOPES, "resource", RESOURCE)).status()).isEqualTo(401);
    }

    @Test
    void clientOfOpenIdConnectThatNamesNoResourceGetsATokenForUserInfo() {
        JsonObject tokens = redeem("openid profile email");
        assertThat(audience(tokens)).isEqualTo(userInfo);
        JsonObject claims = userInfo(tokens).requireOk().json();
        assertThat(claims.getString("sub")).isEqualTo(SUB);
        assertThat(claims.getString("name")).isEqualTo("Alice");
        assertThat(claims.getString("email")).isEqualTo("alice@example.com");
        assertThat(claims.getBoolean("email_verified")).isTrue();
        assertThat(claims.getLong("updated_at")).isPositive();
        assertThat(userInfo(redeem("openid")).requireOk().json().fieldNames()).containsExactly("sub");
    }

    @Test
    void clientOfBothGetsATokenForEachFromOneRefreshToken() {
        JsonObject tokens = redeem(SCOPES, "resource", RESOURCE);
        JsonObject named = refresh(tokens, "resource", userInfo);
        assertThat(audience(named)).isEqualTo(userInfo);
        assertThat(named.getString("scope")).isEqualTo("openid profile email");
        assertThat(userInfo(named).requireOk().json().getString("email")).isEqualTo("alice@example.com");
        JsonObject narrowed = refresh(named, "scope", "openid");
        assertThat(audience(narrowed)).isEqualTo(userInfo);
        JsonObject back = refresh(narrowed, "resource", RESOURCE);
        assertThat(audience(back)).isEqualTo(RESOURCE);
        assertThat(userInfo(back).status()).isEqualTo(401);
    }

    @Test
    void noBearerTokenIsForBothHoweverItIsAskedFor() {
        JsonObject both = redeem(SCOPES, "resource", RESOURCE, "resource", userInfo);
        assertThat(audience(both)).isEqualTo(RESOURCE);
        assertThat(userInfo(both).status()).isEqualTo(401);
        Approval approval = server.approve("app", "mcp:read", List.of(RESOURCE));
        server.postAs(APP, "/oauth/token", "grant_type", "authorization_code", "code", approval.code(), "code_verifier", approval.verifier(),
            "resource", userInfo).requireError(400, "invalid_target");
    }

    @Test
    void tokenThatIsBoundToTheClientsKeyIsForBothSinceItsReceiverCannotUseIt() {
        KeyBoundClient key = new KeyBoundClient(server);
        Approval approval = server.approve("app", SCOPES, List.of(RESOURCE));
        JsonObject tokens = key.post(List.of(key.proof()), APP, "grant_type", "authorization_code", "code", approval.code(), "code_verifier",
            approval.verifier()).requireOk().json();
        assertThat(audience(tokens)).isEqualTo(new JsonArray().add(RESOURCE).add(userInfo));
        String token = tokens.getString("access_token");
        assertThat(key.userInfo(token, null).requireOk().json().getString("sub")).isEqualTo(SUB);
        JsonObject narrowed = key.post(List.of(key.proof()), APP, "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange", "subject_token", token,
            "subject_token_type", "urn:ietf:params:oauth:token-type:access_token", "scope", "openid").requireOk().json();
        assertThat(audience(narrowed)).as("the key stays").isEqualTo(new JsonArray().add(RESOURCE).add(userInfo));
        assertThat(userInfo(tokens).status()).as("without a proof").isEqualTo(401);
        assertThat(new KeyBoundClient(server).userInfo(token, null).status()).as("with another key").isEqualTo(401);
    }

    @Test
    void resourceServerCannotExchangeWhatItIsSentForATokenForUserInfoAndItsClientCan() {
        String token = redeem(SCOPES, "resource", RESOURCE).getString("access_token");
        exchange("mcp-server", token, "resource", userInfo, "scope", "openid").requireError(400, "invalid_target");
        exchange("mcp-server", token, "resource", RESOURCE, "resource", userInfo, "scope", "openid").requireError(400, "invalid_target");
        exchange("mcp-server", token, "scope", "mcp:read").requireOk();
        JsonObject own = exchange("app", token, "resource", userInfo, "scope", "openid email").requireOk().json();
        assertThat(userInfo(own).requireOk().json().fieldNames()).containsExactlyInAnyOrder("sub", "email", "email_verified");
    }

    @Test
    void tokenForAResourceThatIsAUrn() {
        Approval approval = server.approve("app", "mcp:read", List.of(URN));
        JsonObject tokens = server.postAs(APP, "/oauth/token", "grant_type", "authorization_code", "code", approval.code(), "code_verifier",
            approval.verifier(), "resource", "URN:example:notes").requireOk().json();
        assertThat(audience(tokens)).isEqualTo(URN);
        Approval other = server.approve("app", "mcp:read", List.of(URN));
        server.postAs(APP, "/oauth/token", "grant_type", "authorization_code", "code", other.code(), "code_verifier", other.verifier(),
            "resource", "urn:example:other").requireError(400, "invalid_target");
    }

    @Test
    void tokenMayComeInAFormAndInOnePlaceOnly() {
        String token = redeem("openid").getString("access_token");
        assertThat(server.post("/oauth/userinfo", "access_token", token).requireOk().json().getString("sub")).isEqualTo(SUB);
        assertThat(server.postAs("Bearer " + token, "/oauth/userinfo", "access_token", token).requireError(400, "invalid_request").header("WWW-Authenticate"))
            .contains("invalid_request");
        assertThat(server.post("/oauth/userinfo", "access_token", "gha_wrong").requireError(401, "invalid_token").header("WWW-Authenticate"))
            .contains("error=\"invalid_token\"");
        assertThat(server.post("/oauth/userinfo", "other", token).header("WWW-Authenticate")).doesNotContain("error");
        assertThat(server.send(server.request("/oauth/userinfo?access_token=" + token, null).GET()).status()).isEqualTo(401);
        assertThat(server.send(server.request("/oauth/userinfo", "Bearer " + token).POST(HttpRequest.BodyPublishers.noBody())).status()).isEqualTo(200);
    }

    @Test
    void answerIsSignedForWhoWantsItWhereThatIsOn() {
        JsonObject tokens = redeem("openid email");
        String bearer = "Bearer " + tokens.getString("access_token");
        assertThat(server.send(server.request("/oauth/userinfo", bearer).header("Accept", "application/jwt")).header("Content-Type"))
            .as("off by default").startsWith("application/json");
        server.restart(new JsonObject().put("openid", new JsonObject().put("signedUserInfo", true)));
        Answer signed = server.send(server.request("/oauth/userinfo", bearer).header("Accept", "application/jwt")).requireOk();
        assertThat(signed.header("Content-Type")).startsWith("application/jwt");
        for (String accept : List.of("application/jwt;q=1", "application/jwt, application/json;q=0.5", "text/html, APPLICATION/JWT")) {
            assertThat(server.send(server.request("/oauth/userinfo", bearer).header("Accept", accept)).header("Content-Type")).as(accept).startsWith("application/jwt");
        }
        for (String accept : List.of("application/json", "application/json, application/jwt;q=0.5", "application/jwt;q=0", "*/*")) {
            assertThat(server.send(server.request("/oauth/userinfo", bearer).header("Accept", accept)).header("Content-Type")).as(accept).startsWith("application/json");
        }
        assertThat(signed.header("Cache-Control")).isEqualTo("no-store");
        JsonObject claims = UnverifiedJwt.parse(signed.body()).claims();
        assertThat(claims.getString("iss")).isEqualTo(server.issuer());
        assertThat(claims.getString("aud")).isEqualTo("app");
        assertThat(claims.getString("sub")).isEqualTo(SUB);
        assertThat(claims.getString("email")).isEqualTo("alice@example.com");
        assertThat(server.send(server.request("/oauth/authorize?id_token_hint=" + signed.body() + "&"
            + RunningServer.encode("client_id", "app", "response_type", "code", "redirect_uri", Clients.REDIRECT_URI, "scope", "openid",
                "code_challenge", "x".repeat(43), "code_challenge_method", "S256"), null).GET()).header("Location"))
            .as("it is no ID token").contains("error=invalid_request");
        assertThat(userInfo(tokens).requireOk().json().getString("sub")).isEqualTo(SUB);
        server.restart(new JsonObject().put("openid", new JsonObject().put("signedUserInfo", false)));
    }

    private static JsonObject redeem(String scopes, String... more) {
        Approval approval = server.approve("app", scopes, List.of(RESOURCE));
        return server.postAs(APP, "/oauth/token", with(more, "grant_type", "authorization_code", "code", approval.code(), "code_verifier",
            approval.verifier())).requireOk().json();
    }

    private static JsonObject refresh(JsonObject tokens, String... more) {
        return server.postAs(APP, "/oauth/token", with(more, "grant_type", "refresh_token", "refresh_token", tokens.getString("refresh_token")))
            .requireOk().json();
    }

    private static Answer exchange(String client, String token, String... more) {
        return server.postAs(basic(client, "s3cret"), "/oauth/token", with(more, "grant_type", EXCHANGE, "subject_token", token,
            "subject_token_type", "urn:ietf:params:oauth:token-type:access_token"));
    }

    private static String[] with(String[] more, String... form) {
        return Stream.concat(Stream.of(form), Stream.of(more)).toArray(String[]::new);
    }

    private static Answer userInfo(JsonObject tokens) {
        return server.send(server.request("/oauth/userinfo", "Bearer " + tokens.getString("access_token")).GET());
    }

    private static Object audience(JsonObject tokens) {
        return server.post("/oauth/introspect", "token", tokens.getString("access_token")).requireOk().json().getValue("aud");
    }
}

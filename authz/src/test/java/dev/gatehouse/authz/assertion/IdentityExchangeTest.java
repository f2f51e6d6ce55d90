package dev.gatehouse.authz.assertion;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static dev.gatehouse.authz.support.RunningServer.SUB;
import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.KeyBoundClient;
import dev.gatehouse.authz.support.OtherIssuer;
import dev.gatehouse.authz.support.OwnSigner;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.shared.jose.UnverifiedJwt;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Enterprise-managed authorization, the enterprise's side: a person's login here becomes an assertion for another server. */
class IdentityExchangeTest {

    private static final String GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";
    private static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
    private static final String REFRESH = "urn:ietf:params:oauth:token-type:refresh_token";
    private static final String AGENT = basic("agent", "s3cret-s3cret");
    private static final String CHAT = "https://chat.example/";
    private static RunningServer server;
    private static RunningServer other;
    private static OwnSigner signer;

    @BeforeAll
    static void start() {
        server = RunningServer.start(new JsonObject().put("assertions", new JsonObject().put("audiences", new JsonArray()
            .add(new JsonObject().put("issuer", CHAT).put("clients", new JsonObject().put("agent", "agent").put("teller", "teller-at-chat"))
                .put("resources", new JsonArray().add("https://api.chat.example")).put("scopes", new JsonArray().add("chat.read").add("chat.write"))
                .put("lifetimeSeconds", 120)))));
        other = RunningServer.start();
        signer = new OwnSigner(server);
        for (RunningServer each : List.of(server, other)) {
            each.add(Clients.withGrants("agent", "s3cret-s3cret", GRANT, JwtBearerGrantTest.GRANT, "authorization_code", "refresh_token"));
            each.add(Clients.withGrants("stranger", "s3cret-s3cret", GRANT, "authorization_code", "refresh_token"));
        }
    }

    @AfterAll
    static void stop() {
        signer.close();
        server.close();
        other.close();
    }

    @Test
    void idTokenBecomesAnAssertionForTheOtherServerAndItsClient() {
        server.add(Clients.withGrants("teller", "s3cret-s3cret", GRANT, "authorization_code"));
        server.approve("teller", "openid email profile mcp:read", List.of(RESOURCE));
        JsonObject answer = exchangeAs(basic("teller", "s3cret-s3cret"), ID_TOKEN, idToken(claims -> claims.put("aud", "teller")),
            "scope", "chat.read chat.admin").requireOk().json();
        assertThat(answer.getString("issued_token_type")).isEqualTo(ID_JAG);
        assertThat(answer.getString("token_type")).isEqualTo("N_A");
        assertThat(answer.getInteger("expires_in")).isEqualTo(120);
        assertThat(answer.getString("scope")).isEqualTo("chat.read");
        assertThat(answer.fieldNames()).containsExactlyInAnyOrder("access_token", "issued_token_type", "token_type", "expires_in", "scope");
        UnverifiedJwt jag = UnverifiedJwt.parse(answer.getString("access_token"));
        assertThat(jag.header().getString("typ")).isEqualTo(OtherIssuer.ID_JAG);
        long now = server.clock().millis() / 1000;
        JsonObject claims = jag.claims().copy();
        assertThat(claims.remove("jti")).asString().hasSizeGreaterThan(20);
        assertThat(claims).isEqualTo(new JsonObject().put("iss", server.issuer()).put("sub", SUB).put("aud", CHAT)
            .put("client_id", "teller-at-chat").put("iat", now).put("exp", now + 120).put("auth_time", now - 100)
            .put("resource", "https://api.chat.example").put("scope", "chat.read").put("email", "alice@example.com")
            .put("email_verified", true).put("name", "Alice"));
    }

    @Test
    void refreshTokenDoesAsWellAndIsNotSpent() {
        JsonObject tokens = login("agent", "openid mcp:read");
        JsonObject answer = exchange(REFRESH, tokens.getString("refresh_token")).requireOk().json();
        JsonObject claims = UnverifiedJwt.parse(answer.getString("access_token")).claims();
        assertThat(claims.getString("sub")).isEqualTo(SUB);
        assertThat(claims.getString("scope")).isEqualTo("chat.read chat.write");
        assertThat(claims.containsKey("email")).as("the person gave no leave to tell").isFalse();
        server.postAs(AGENT, "/oauth/token", "grant_type", "refresh_token", "refresh_token", tokens.getString("refresh_token")).requireOk();
        exchange(REFRESH, tokens.getString("refresh_token")).requireError(400, "invalid_request");
    }

    @Test
    void otherServerTakesItAndThisOneNever() {
        server.approve("agent", "openid", List.of(RESOURCE));
        String jag = assertionFor(other.issuer());
        server.postAs(AGENT, "/oauth/token", "grant_type", JwtBearerGrantTest.GRANT, "assertion", jag).requireError(400, "invalid_grant");
        JsonObject tokens = other.postAs(AGENT, "/oauth/token", "grant_type", JwtBearerGrantTest.GRANT, "assertion", jag).requireOk().json();
        assertThat(tokens.getString("scope")).isEqualTo("mcp:read");
        assertThat(other.post("/oauth/introspect", "token", tokens.getString("access_token")).json().getString("sub"))
            .startsWith("usr_").isNotEqualTo(SUB);
        other.postAs(AGENT, "/oauth/token", "grant_type", JwtBearerGrantTest.GRANT, "assertion", jag).requireError(400, "invalid_grant");
        exchange(ID_TOKEN, idToken(claims -> { }), "audience", server.issuer()).requireError(400, "invalid_target");
        assertThat(server.isActive(jag)).as("it is no access token").isFalse();
        String forged = signer.sign(OtherIssuer.ID_JAG, UnverifiedJwt.parse(jag).claims().copy().put("aud", server.issuer()));
        server.postAs(AGENT, "/oauth/token", "grant_type", JwtBearerGrantTest.GRANT, "assertion", forged).requireError(400, "invalid_grant");
    }

    @Test
    void issuerOnThisMachineWithoutKeysIsJustRefused() {
        OtherIssuer nobody = new OtherIssuer("http://localhost:" + Ports.free(), other.clock());
        other.postAs(AGENT, "/oauth/token", "grant_type", JwtBearerGrantTest.GRANT, "assertion",
            nobody.idJag(other.issuer(), "x", "agent", claims -> { })).requireError(400, "invalid_grant");
    }

    @Test
    void idTokensThatAreNotTheClientsOwnAndGoodAreRefused() {
        server.approve("agent", "openid", List.of(RESOURCE));
        exchange(ID_TOKEN, idToken(claims -> { })).requireOk();
        refused(ID_TOKEN, idToken(claims -> claims.put("aud", "stranger")));
        refused(ID_TOKEN, idToken(claims -> claims.put("aud", new JsonArray().add("agent").add("stranger"))));
        refused(ID_TOKEN, idToken(claims -> claims.put("iss", "https://elsewhere.example")));
        refused(ID_TOKEN, idToken(claims -> claims.put("exp", server.clock().millis() / 1000)));
        refused(ID_TOKEN, idToken(claims -> claims.remove("exp")));
        refused(ID_TOKEN, idToken(claims -> claims.put("sub", "usr_nobody")));
        refused(ID_TOKEN, signer.sign("at+jwt", UnverifiedJwt.parse(idToken(claims -> { })).claims()));
        refused(ID_TOKEN, signer.sign(OtherIssuer.ID_JAG, UnverifiedJwt.parse(idToken(claims -> { })).claims()));
        refused(ID_TOKEN, new OtherIssuer(server.issuer(), server.clock()).workload("agent", SUB, claims -> { }));
        refused(ID_TOKEN, "x");
        refused(REFRESH, idToken(claims -> { }));
        refused("urn:ietf:params:oauth:token-type:access_token", idToken(claims -> { }));
        refused("urn:ietf:params:oauth:token-type:saml2", "x");
    }

    @Test
    void endedAccessEndsWhatItsTokensAreExchangedFor() {
        server.add(Clients.withGrants("brief", "s3cret-s3cret", GRANT, "authorization_code", "refresh_token"));
        String brief = basic("brief", "s3cret-s3cret");
        JsonObject tokens = login("brief", "openid");
        String idToken = idToken(claims -> claims.put("aud", "brief"));
        exchangeAs(brief, ID_TOKEN, idToken, "audience", other.issuer()).requireOk();
        exchangeAs(brief, REFRESH, tokens.getString("refresh_token"), "audience", other.issuer()).requireOk();
        server.postAs(brief, "/oauth/revoke", "token", tokens.getString("refresh_token")).requireOk();
        exchangeAs(brief, ID_TOKEN, idToken, "audience", other.issuer()).requireError(400, "invalid_request");
        exchangeAs(brief, REFRESH, tokens.getString("refresh_token"), "audience", other.issuer()).requireError(400, "invalid_request");
    }

    @Test
    void loginWithoutOpenidIsNoIdentity() {
        server.add(Clients.withGrants("plain", "s3cret-s3cret", GRANT, "authorization_code", "refresh_token"));
        String plain = basic("plain", "s3cret-s3cret");
        JsonObject tokens = login("plain", "mcp:read");
        exchangeAs(plain, REFRESH, tokens.getString("refresh_token"), "audience", other.issuer()).requireError(400, "invalid_request");
        exchangeAs(plain, ID_TOKEN, idToken(claims -> claims.put("aud", "plain")), "audience", other.issuer()).requireError(400, "invalid_request");
    }

    @Test
    void policyDecidesWhoMayAskForWhat() {
        server.approve("agent", "openid", List.of(RESOURCE));
        String idToken = idToken(claims -> { });
        exchange(ID_TOKEN, idToken, "resource", "https://api.chat.example", "scope", "chat.write").requireOk();
        exchange(ID_TOKEN, idToken, "resource", "https://other.chat.example").requireError(400, "invalid_target");
        exchange(ID_TOKEN, idToken, "resource", "nothing").requireError(400, "invalid_target");
        exchange(ID_TOKEN, idToken, "scope", "chat.admin").requireError(400, "invalid_scope");
        exchange(ID_TOKEN, idToken, "audience", "https://elsewhere.example").requireError(400, "invalid_target");
        String named = exchange(ID_TOKEN, idToken, "audience", CHAT.substring(0, CHAT.length() - 1)).requireOk().json().getString("access_token");
        assertThat(UnverifiedJwt.parse(named).claims().getString("aud")).isEqualTo(CHAT);
        exchange(ID_TOKEN, idToken, "audience", "").requireError(400, "invalid_request");
        exchange(ID_TOKEN, idToken, "actor_token", "x", "actor_token_type", ID_TOKEN).requireError(400, "invalid_request");
        exchange(ID_TOKEN, idToken, "requested_token_type", "urn:ietf:params:oauth:token-type:saml2").requireError(400, "invalid_request");
        login("stranger", "openid");
        exchangeAs(basic("stranger", "s3cret-s3cret"), ID_TOKEN, idToken(claims -> claims.put("aud", "stranger")))
            .requireError(400, "invalid_target");
        server.post("/oauth/token", "grant_type", GRANT, "client_id", "agent", "subject_token", idToken, "subject_token_type", ID_TOKEN,
            "requested_token_type", ID_JAG, "audience", CHAT).requireError(401, "invalid_client");
    }

    @Test
    void provedKeyIsNamedInTheAssertion() {
        server.approve("agent", "openid", List.of(RESOURCE));
        KeyBoundClient key = new KeyBoundClient(server);
        String jag = key.post(List.of(key.proof()), AGENT, "grant_type", GRANT, "requested_token_type", ID_JAG, "subject_token",
            idToken(claims -> { }), "subject_token_type", ID_TOKEN, "audience", CHAT).requireOk().json().getString("access_token");
        assertThat(UnverifiedJwt.parse(jag).claims().getJsonObject("cnf")).isEqualTo(new JsonObject().put("jkt", key.thumbprint()));
    }

    @Test
    void metadataNamesWhatIsMadeHere() {
        JsonObject metadata = server.send(server.request("/.well-known/oauth-authorization-server", null).GET()).json();
        assertThat(metadata.getJsonArray("identity_chaining_requested_token_types_supported")).containsExactly(ID_JAG);
        assertThat(metadata.getJsonArray("grant_types_supported")).contains(GRANT, JwtBearerGrantTest.GRANT);
        assertThat(metadata.getJsonArray("authorization_grant_profiles_supported"))
            .containsExactly("urn:ietf:params:oauth:grant-profile:id-jag");
    }

    private static String idToken(Consumer<JsonObject> changes) {
        long now = server.clock().millis() / 1000;
        JsonObject claims = new JsonObject().put("iss", server.issuer()).put("sub", SUB).put("aud", "agent").put("iat", now)
            .put("exp", now + 600).put("auth_time", now - 100);
        changes.accept(claims);
        return signer.sign("JWT", claims);
    }

    private static JsonObject login(String clientId, String scopes) {
        Approval approval = server.approve(clientId, scopes, List.of(RESOURCE));
        return server.postAs(basic(clientId, "s3cret-s3cret"), "/oauth/token", "grant_type", "authorization_code", "code", approval.code(),
            "code_verifier", approval.verifier(), "redirect_uri", approval.redirectUri()).requireOk().json();
    }

    private static String assertionFor(String audience) {
        return exchange(ID_TOKEN, idToken(claims -> { }), "audience", audience, "scope", "mcp:read", "resource", RESOURCE).requireOk()
            .json().getString("access_token");
    }

    private static Answer exchange(String type, String token, String... changes) {
        return exchangeAs(AGENT, type, token, changes);
    }

    private static Answer exchangeAs(String authorization, String type, String token, String... changes) {
        Map<String, String> form = new LinkedHashMap<>(Map.of("grant_type", GRANT, "requested_token_type", ID_JAG,
            "subject_token", token, "subject_token_type", type, "audience", CHAT));
        for (int i = 0; i < changes.length; i += 2) {
            form.put(changes[i], changes[i + 1]);
        }
        return server.postAs(authorization, "/oauth/token", form.entrySet().stream()
            .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue())).toArray(String[]::new));
    }

    private static void refused(String type, String token) {
        exchange(type, token).requireError(400, "invalid_request");
    }
}

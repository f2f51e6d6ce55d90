package dev.gatehouse.authz.dpop;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static dev.gatehouse.authz.support.RunningServer.SUB;
import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.ClientMetadata;
import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.KeyBoundClient;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

class DpopTest {

    private static final String[] CREDENTIALS = {"grant_type", "client_credentials"};
    private static final String SERVICE = basic("service", "s3cret-s3cret");
    private static RunningServer server;
    private final KeyBoundClient client = new KeyBoundClient(server);

    @BeforeAll
    static void start() {
        server = RunningServer.start();
        server.add(Clients.publicClient("app"));
        server.add(Clients.basicClient("service", "s3cret-s3cret"));
        server.add(Clients.basicClient("strict", "s3cret-s3cret").withMetadata(ClientMetadata.NONE.with("dpop_bound_access_tokens", true)));
        JsonObject policy = new JsonObject().put("requireDpop", true);
        server.add(Clients.basicClient("governed", "s3cret-s3cret").withPolicy(ClientPolicy.of(policy)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void proofBindsTheTokenOfAnyGrant() {
        for (JsonObject tokens : List.of(service(client.proof()).requireOk().json(), client.login("app"))) {
            assertThat(tokens.getString("token_type")).isEqualTo("DPoP");
            JsonObject claims = server.post("/oauth/introspect", "token", tokens.getString("access_token")).requireOk().json();
            assertThat(claims.getString("token_type")).isEqualTo("DPoP");
            assertThat(claims.getJsonObject("cnf")).isEqualTo(new JsonObject().put("jkt", client.thumbprint()));
        }
    }

    @Test
    void withoutAProofTokensAreBearerTokens() {
        JsonObject tokens = server.postAs(SERVICE, "/oauth/token", CREDENTIALS).requireOk().json();
        assertThat(tokens.getString("token_type")).isEqualTo("Bearer");
        assertThat(server.post("/oauth/introspect", "token", tokens.getString("access_token")).json().containsKey("cnf")).isFalse();
    }

    @Test
    void wrongProofIsRefusedAndIssuesNothing() {
        long before = stored();
        List<Consumer<JsonObject>> headers = List.of(header -> header.put("typ", "JWT"), header -> header.put("alg", "none"),
            header -> header.put("alg", "HS256"), header -> header.put("jwk", client.privateKey()), header -> header.remove("jwk"));
        for (Consumer<JsonObject> change : headers) {
            service(client.proof(change, same -> { })).requireError(400, "invalid_dpop_proof");
        }
        List<Consumer<JsonObject>> claims = List.of(claim -> claim.put("htm", "GET"), claim -> claim.put("htm", "post"),
            claim -> claim.put("htu", server.issuer() + "/oauth/tokens"), claim -> claim.put("htu", "https://other.example/oauth/token"),
            claim -> claim.put("iat", 0), claim -> claim.put("iat", server.clock().millis() / 1000 + 60), claim -> claim.remove("jti"),
            claim -> claim.put("jti", "x".repeat(257)));
        for (Consumer<JsonObject> change : claims) {
            service(client.proof(same -> { }, change)).requireError(400, "invalid_dpop_proof");
        }
        service("").requireError(400, "invalid_dpop_proof");
        service("a.b.c").requireError(400, "invalid_dpop_proof");
        service(client.proof(), client.proof()).requireError(400, "invalid_dpop_proof");
        assertThat(stored()).isEqualTo(before);
        service(client.proof()).requireOk();
    }

    @Test
    void proofCountsOnceHoweverItsUrlIsWritten() {
        String jti = "used-" + client.thumbprint();
        service(client.proof(same -> { }, claims -> claims.put("jti", jti))).requireOk();
        for (String url : List.of("/oauth/token", "/oauth/token?a=b", "/oauth/token#f")) {
            service(client.proof(same -> { }, claims -> claims.put("jti", jti).put("htu", server.issuer() + url)))
                .requireError(400, "invalid_dpop_proof");
        }
        KeyBoundClient other = new KeyBoundClient(server);
        service(other.proof(same -> { }, claims -> claims.put("jti", jti))).requireOk();
    }

    @Test
    void clientThatFailsToAuthenticateSpendsNoProof() {
        String proof = client.proof();
        client.post(List.of(proof), basic("service", "wrong"), CREDENTIALS).requireError(401, "invalid_client");
        service(proof).requireOk();
        service(proof).requireError(400, "invalid_dpop_proof");
    }

    @Test
    void clientWhoseTokensHaveToBeBoundNeedsAProof() {
        for (String id : List.of("strict", "governed")) {
            String credentials = basic(id, "s3cret-s3cret");
            server.postAs(credentials, "/oauth/token", CREDENTIALS).requireError(400, "invalid_dpop_proof");
            client.post(List.of(client.proof()), credentials, CREDENTIALS).requireOk();
        }
    }

    @Test
    void codeThatIsBoundToAKeyIsRedeemedByThatKeyOnly() {
        var approval = server.approve("app", client.thumbprint());
        String[] form = {"grant_type", "authorization_code", "client_id", "app", "code", approval.code(), "code_verifier", approval.verifier()};
        KeyBoundClient thief = new KeyBoundClient(server);
        for (int i = 0; i < 6; i++) {
            thief.post(List.of(thief.proof()), null, form).requireError(400, "invalid_grant");
            server.post("/oauth/token", form).requireError(400, "invalid_grant");
        }
        JsonObject tokens = client.post(List.of(client.proof()), null, form).requireOk().json();
        thief.post(List.of(thief.proof()), null, form).requireError(400, "invalid_grant");
        assertThat(server.isActive(tokens.getString("access_token"))).isTrue();
        client.post(List.of(client.proof()), null, form).requireError(400, "invalid_grant");
        assertThat(server.isActive(tokens.getString("access_token"))).isFalse();
    }

    @Test
    void publicClientsRefreshTokenIsBoundAndOthersCannotEvenEndItsFamily() {
        JsonObject first = client.login("app");
        KeyBoundClient thief = new KeyBoundClient(server);
        thief.refresh("app", first).requireError(400, "invalid_grant");
        bearerRefresh("app", first).requireError(400, "invalid_grant");
        JsonObject second = client.refresh("app", first).requireOk().json();
        assertThat(second.getString("token_type")).isEqualTo("DPoP");
        thief.refresh("app", first).requireError(400, "invalid_grant");
        bearerRefresh("app", first).requireError(400, "invalid_grant");
        assertThat(client.refresh("app", first).requireOk().json().getString("refresh_token")).isEqualTo(second.getString("refresh_token"));
        server.clock().advance(Duration.ofSeconds(61));
        thief.refresh("app", first).requireError(400, "invalid_grant");
        assertThat(server.isActive(second.getString("access_token"))).isTrue();
        JsonObject third = client.refresh("app", second).requireOk().json();
        client.refresh("app", first).requireError(400, "invalid_grant");
        assertThat(server.isActive(third.getString("access_token"))).isFalse();
    }

    @Test
    void copySpentLongAgoEndsAloneWhereItsKeyIsProven() {
        JsonObject first = client.login("app");
        JsonObject second = client.refresh("app", first).requireOk().json();
        server.clock().advance(Duration.ofHours(1));
        JsonObject third = client.refresh("app", second).requireOk().json();
        client.refresh("app", first).requireError(400, "invalid_grant");
        assertThat(server.isActive(third.getString("access_token"))).isTrue();
        client.refresh("app", third).requireOk();
    }

    @Test
    void tokenThatIsFirstBoundByItsRefreshIsGivenAgainToTheSameKeyOnly() {
        var approval = server.approve("app");
        JsonObject first = server.post("/oauth/token", "grant_type", "authorization_code", "client_id", "app", "code", approval.code(),
            "code_verifier", approval.verifier()).requireOk().json();
        JsonObject bound = client.refresh("app", first).requireOk().json();
        new KeyBoundClient(server).refresh("app", first).requireError(400, "invalid_grant");
        bearerRefresh("app", first).requireError(400, "invalid_grant");
        bearerRefresh("app", bound).requireError(400, "invalid_grant");
        assertThat(client.refresh("app", first).requireOk().json().getString("refresh_token")).isEqualTo(bound.getString("refresh_token"));
        client.refresh("app", bound).requireOk();
    }

    @Test
    void confidentialClientMayChangeItsKeyButItsAccessTokensAreBound() {
        var approval = server.approve("service");
        JsonObject first = client.post(List.of(client.proof()), SERVICE, "grant_type", "authorization_code", "code", approval.code(),
            "code_verifier", approval.verifier()).requireOk().json();
        KeyBoundClient next = new KeyBoundClient(server);
        JsonObject second = next.post(List.of(next.proof()), SERVICE, "grant_type", "refresh_token", "refresh_token",
            first.getString("refresh_token")).requireOk().json();
        JsonObject claims = server.post("/oauth/introspect", "token", second.getString("access_token")).json();
        assertThat(claims.getJsonObject("cnf").getString("jkt")).isEqualTo(next.thumbprint());
        assertThat(claims.getString("sub")).isEqualTo(SUB);
        assertThat(claims.getString("aud")).isEqualTo(RESOURCE);
    }

    @Test
    void nonceIsAskedForAndLivesForTwoPeriods() {
        try (RunningServer nonces = RunningServer.start(new JsonObject().put("dpop", new JsonObject().put("nonceRequired", true)))) {
            nonces.add(Clients.basicClient("service", "s3cret-s3cret"));
            KeyBoundClient careful = new KeyBoundClient(nonces);
            Answer asked = careful.post(List.of(careful.proof()), SERVICE, CREDENTIALS).requireError(400, "use_dpop_nonce");
            String nonce = asked.header("DPoP-Nonce");
            assertThat(nonce).isNotEmpty();
            assertThat(asked.header("Access-Control-Expose-Headers")).contains("DPoP-Nonce", "WWW-Authenticate");
            Answer good = careful.post(List.of(careful.proof(nonce)), SERVICE, CREDENTIALS).requireOk();
            assertThat(good.header("DPoP-Nonce")).isEqualTo(nonce);
            careful.post(List.of(careful.proof("made-up")), SERVICE, CREDENTIALS).requireError(400, "use_dpop_nonce");
            nonces.clock().advance(Duration.ofMinutes(4));
            Answer late = careful.post(List.of(careful.proof(nonce)), SERVICE, CREDENTIALS).requireError(400, "use_dpop_nonce");
            assertThat(late.header("DPoP-Nonce")).isNotEqualTo(nonce);
            careful.post(List.of(careful.proof(late.header("DPoP-Nonce"))), SERVICE, CREDENTIALS).requireOk();
        }
    }

    @Test
    void userInfoTellsTheNonceThatItAsksFor() {
        try (RunningServer nonces = RunningServer.start(new JsonObject().put("dpop", new JsonObject().put("nonceRequired", true)))) {
            nonces.add(Clients.withGrants("site", "s3cret-s3cret", "authorization_code"));
            KeyBoundClient careful = new KeyBoundClient(nonces);
            Approval approval = nonces.approve("site", "openid", List.of(RESOURCE));
            String[] form = {"grant_type", "authorization_code", "code", approval.code(), "code_verifier", approval.verifier()};
            String site = basic("site", "s3cret-s3cret");
            String first = careful.post(List.of(careful.proof()), site, form).requireError(400, "use_dpop_nonce").header("DPoP-Nonce");
            String token = careful.post(List.of(careful.proof(first)), site, form).requireOk().json().getString("access_token");
            Answer asked = careful.userInfo(token, null).requireError(401, "use_dpop_nonce");
            assertThat(asked.header("WWW-Authenticate")).isEqualTo("Bearer scope=\"openid\"");
            Answer told = careful.userInfo(token, asked.header("DPoP-Nonce")).requireOk();
            assertThat(told.json().getString("sub")).isEqualTo(SUB);
            assertThat(told.header("DPoP-Nonce")).isEqualTo(asked.header("DPoP-Nonce"));
        }
    }

    @Test
    void nonceIsCheckedWhereItIsSentThoughNoneIsAskedFor() {
        assertThat(service(client.proof("made-up")).requireError(400, "use_dpop_nonce").header("DPoP-Nonce")).isNotEmpty();
        assertThat(service(client.proof()).requireOk().header("DPoP-Nonce")).isNull();
    }

    @Test
    void metadataNamesTheAlgorithms() {
        JsonObject metadata = server.send(server.request("/.well-known/oauth-authorization-server", null).GET()).requireOk().json();
        assertThat(metadata.getJsonArray("dpop_signing_alg_values_supported")).contains("ES256", "EdDSA", "RS256").doesNotContain("none", "HS256");
    }

    private Answer service(String... proofs) {
        return client.post(List.of(proofs), SERVICE, CREDENTIALS);
    }

    private static Answer bearerRefresh(String clientId, JsonObject tokens) {
        return server.post("/oauth/token", "grant_type", "refresh_token", "client_id", clientId, "refresh_token", tokens.getString("refresh_token"));
    }

    private static long stored() {
        return Waiting.on(server.database().read("SELECT COUNT(*) AS n FROM access_token")).get(0).number("n");
    }
}

package dev.gatehouse.authz.token;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static dev.gatehouse.authz.support.RunningServer.SUB;
import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.client.ClientPolicy.TokenFormat;
import dev.gatehouse.authz.key.SigningKeyStore;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.jose.FixedKeys;
import dev.gatehouse.shared.jose.JwtRules;
import dev.gatehouse.shared.jose.JwtVerifier;
import dev.gatehouse.shared.jose.JwtVerifier.VerifiedJwt;
import dev.gatehouse.shared.jose.UnverifiedJwt;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;

class JwtAccessTokenTest {

    private static final String OPAQUE_RESOURCE = "http://localhost:8002/mcp";
    private static final String OPAQUE_TOKEN = "gha_[A-Za-z0-9_-]{43}";
    private static final Vertx VERTX = Vertx.vertx();
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start(new JsonObject().put("resources", new JsonArray()
            .add(new JsonObject().put("resource", RESOURCE).put("tokenFormat", "jwt"))));
        server.add(Clients.basicClient("worker", "s3cret"));
        server.add(Clients.basicClient("other", "s3cret"));
        server.add(Clients.publicClient("app"));
        server.add(Clients.basicClient("conservative", "s3cret").withPolicy(
            ClientPolicy.of(new JsonObject().put("tokenFormat", TokenFormat.OPAQUE.wireName()))));
        server.add(Clients.basicClient("modern", "s3cret").withPolicy(
            ClientPolicy.of(new JsonObject().put("tokenFormat", TokenFormat.JWT.wireName()))));
    }

    @AfterAll
    static void stop() {
        server.close();
        Waiting.on(VERTX.close());
    }

    @Test
    void clientsOwnTokenSaysWhatTheStandardWants() {
        VerifiedJwt jwt = verified(token("worker", RESOURCE));
        long now = server.clock().millis() / 1000;
        JsonObject claims = jwt.claims();
        assertThat(jwt.header().getString("typ")).isEqualTo("at+jwt");
        assertThat(claims.getString("jti")).hasSize(43);
        assertThat(claims).isEqualTo(new JsonObject().put("iss", server.issuer()).put("exp", now + 3600).put("aud", RESOURCE)
            .put("sub", "worker").put("client_id", "worker").put("iat", now).put("jti", claims.getString("jti"))
            .put("scope", "mcp:read mcp:write"));
    }

    @Test
    void usersTokenNamesTheUserAndEachRefreshYieldsAnother() {
        Approval approval = server.approve("app");
        JsonObject first = server.post("/oauth/token", "grant_type", "authorization_code", "client_id", "app", "code", approval.code(),
            "redirect_uri", approval.redirectUri(), "code_verifier", approval.verifier()).requireOk().json();
        assertThat(verified(first.getString("access_token")).claims().getString("sub")).isEqualTo(SUB);
        JsonObject second = server.post("/oauth/token", "grant_type", "refresh_token", "client_id", "app",
            "refresh_token", first.getString("refresh_token")).requireOk().json();
        assertThat(verified(second.getString("access_token")).claims().getString("jti"))
            .isNotEqualTo(verified(first.getString("access_token")).claims().getString("jti"));
    }

    @Test
    void formIsTheResourcesUnlessTheClientsPolicyOrAnotherResourceWantsAnother() {
        assertThat(token("worker", OPAQUE_RESOURCE)).matches(OPAQUE_TOKEN);
        assertThat(token("worker", RESOURCE, OPAQUE_RESOURCE)).matches(OPAQUE_TOKEN);
        assertThat(token("conservative", RESOURCE)).matches(OPAQUE_TOKEN);
        String chosen = token("modern", OPAQUE_RESOURCE);
        assertThat(UnverifiedJwt.looksLikeOne(chosen)).isTrue();
        assertThat(server.isActive(chosen)).as("who takes opaque ones can ask about it").isTrue();
        assertThat(UnverifiedJwt.looksLikeOne(token("worker", RESOURCE))).isTrue();
    }

    @Test
    void introspectionKnowsItUntilItIsRevokedByItsClient() {
        String jwt = token("worker", RESOURCE);
        assertThat(server.post("/oauth/introspect", "token", jwt).requireOk().json().getString("client_id")).isEqualTo("worker");
        server.postAs(basic("other", "s3cret"), "/oauth/revoke", "token", jwt).requireOk();
        assertThat(server.isActive(jwt)).isTrue();
        server.postAs(basic("worker", "s3cret"), "/oauth/revoke", "token", jwt).requireOk();
        assertThat(server.isActive(jwt)).isFalse();
    }

    @Test
    void textThatOnlyLooksLikeItIsInactive() {
        String jwt = token("worker", RESOURCE);
        String[] parts = jwt.split("\\.");
        String[] later = token("worker", RESOURCE).split("\\.");
        for (String forged : new String[] {"a.b.c", parts[0] + "." + parts[1] + ".", parts[0] + "." + parts[1] + "." + later[2],
            parts[0] + "." + later[1] + "." + parts[2], jwt + "x", "eyJhbGciOiJub25lIn0." + parts[1] + "."}) {
            assertThat(server.isActive(forged)).as(forged).isFalse();
        }
        String hash = UnverifiedJwt.parse(jwt).claims().getString("jti");
        assertThat(server.isActive(hash)).isFalse();
        assertThat(server.isActive("gha_" + hash)).isFalse();
        assertThat(server.isActive(jwt)).isTrue();
    }

    @Test
    void itEndsWithItsTimeAndWithItsKey() {
        try (RunningServer own = RunningServer.start(new JsonObject().put("tokens", new JsonObject().put("format", "jwt")))) {
            own.add(Clients.basicClient("worker", "s3cret"));
            String jwt = own.postAs(basic("worker", "s3cret"), "/oauth/token", "grant_type", "client_credentials").requireOk()
                .json().getString("access_token");
            assertThat(own.isActive(jwt)).isTrue();
            own.clock().advance(Duration.ofHours(1));
            assertThat(own.isActive(jwt)).isFalse();
            String next = own.postAs(basic("worker", "s3cret"), "/oauth/token", "grant_type", "client_credentials").requireOk()
                .json().getString("access_token");
            assertThat(own.isActive(next)).isTrue();
            Waiting.on(new SigningKeyStore(own.database()).remove(UnverifiedJwt.parse(next).kid(), own.clock().millis()));
            Eventually.holds(() -> !own.isActive(next));
            String last = own.postAs(basic("worker", "s3cret"), "/oauth/token", "grant_type", "client_credentials").requireOk()
                .json().getString("access_token");
            assertThat(own.isActive(last)).isTrue();
        }
    }

    private static String token(String client, String... resources) {
        String[] form = new String[2 + 2 * resources.length];
        form[0] = "grant_type";
        form[1] = "client_credentials";
        for (int i = 0; i < resources.length; i++) {
            form[2 + 2 * i] = "resource";
            form[3 + 2 * i] = resources[i];
        }
        return server.postAs(basic(client, "s3cret"), "/oauth/token", form).requireOk().json().getString("access_token");
    }

    private static VerifiedJwt verified(String jwt) {
        JsonObject set = server.send(server.request("/oauth/jwks", null).GET()).requireOk().json();
        return Waiting.on(new JwtVerifier(VERTX).verify(jwt, JwtRules.typed("at+jwt"), FixedKeys.parse(set)));
    }
}

package dev.gatehouse.authz.introspect;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.jose.FixedKeys;
import dev.gatehouse.shared.jose.JwtRules;
import dev.gatehouse.shared.jose.JwtVerifier;
import dev.gatehouse.shared.jose.JwtVerifier.VerifiedJwt;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest.BodyPublishers;

class SignedIntrospectionTest {

    private static final String SIGNED = "application/token-introspection+jwt";
    private static final Vertx VERTX = Vertx.vertx();
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
        server.add(Clients.basicClient("worker", "s3cret"));
        server.add(Clients.resourceServer("mcp", "s3cret", RESOURCE));
    }

    @AfterAll
    static void stop() {
        server.close();
        Waiting.on(VERTX.close());
    }

    @Test
    void answerIsSignedForWhoAsked() {
        Answer answer = introspect(token(), SIGNED, basic("mcp", "s3cret")).requireOk();
        assertThat(answer.header("Content-Type")).isEqualTo(SIGNED);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        JsonObject claims = verified(answer.body()).claims();
        assertThat(claims.fieldNames()).containsExactlyInAnyOrder("iss", "aud", "iat", "token_introspection");
        assertThat(claims.getString("iss")).isEqualTo(server.issuer());
        assertThat(claims.getString("aud")).isEqualTo("mcp");
        assertThat(claims.getLong("iat")).isEqualTo(server.clock().millis() / 1000);
        assertThat(claims.getJsonObject("token_introspection").getBoolean("active")).isTrue();
        assertThat(claims.getJsonObject("token_introspection").getString("client_id")).isEqualTo("worker");
    }

    @Test
    void deadTokenIsToldAsSuch() {
        Answer answer = introspect("gha_x", SIGNED, basic("mcp", "s3cret")).requireOk();
        assertThat(verified(answer.body()).claims().getJsonObject("token_introspection"))
            .isEqualTo(new JsonObject().put("active", false));
    }

    @Test
    void strangersAreNotAnsweredAndOthersGetJson() {
        introspect(token(), SIGNED, null).requireError(401, "invalid_client");
        for (String accept : new String[] {"application/json", "*/*", "application/json, " + SIGNED}) {
            assertThat(introspect(token(), accept, basic("mcp", "s3cret")).requireOk().json().getBoolean("active")).isTrue();
        }
        for (String accept : new String[] {SIGNED + ";q=0.1, application/json", SIGNED + ";q=0, */*"}) {
            assertThat(introspect(token(), accept, basic("mcp", "s3cret")).requireOk().header("Content-Type")).as(accept).startsWith("application/json");
        }
        assertThat(introspect(token(), SIGNED + ";q=1, application/json", basic("mcp", "s3cret")).header("Content-Type"))
            .isEqualTo(SIGNED);
    }

    @Test
    void answerIsNoAccessToken() {
        String jwt = introspect(token(), SIGNED, basic("mcp", "s3cret")).requireOk().body();
        assertThat(server.isActive(jwt)).isFalse();
    }

    private static String token() {
        return server.postAs(basic("worker", "s3cret"), "/oauth/token", "grant_type", "client_credentials").requireOk()
            .json().getString("access_token");
    }

    private static Answer introspect(String token, String accept, String authorization) {
        return server.send(server.request("/oauth/introspect", authorization).header("Accept", accept)
            .header("Content-Type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString("token=" + token)));
    }

    private static VerifiedJwt verified(String jwt) {
        JsonObject set = server.send(server.request("/oauth/jwks", null).GET()).requireOk().json();
        return Waiting.on(new JwtVerifier(VERTX).verify(jwt, JwtRules.typed("token-introspection+jwt"), FixedKeys.parse(set)));
    }
}

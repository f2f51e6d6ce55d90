package dev.gatehouse.authz.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.RunningServer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest.BodyPublishers;

class JwksTest {

    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start(RunningServer.temporaryDirectory(), new JsonObject(), 4);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void setHoldsOnePublicKeyForAnyoneToRead() {
        Answer answer = server.send(server.request("/oauth/jwks", null).GET()).requireOk();
        assertThat(answer.json().getJsonArray("keys")).hasSize(1);
        JsonObject key = answer.json().getJsonArray("keys").getJsonObject(0);
        assertThat(key.fieldNames()).containsExactlyInAnyOrder("kty", "crv", "x", "y", "kid", "alg", "use");
        assertThat(key.getString("alg")).isEqualTo("ES256");
        assertThat(key.getString("use")).isEqualTo("sig");
        assertThat(answer.header("Cache-Control")).isEqualTo("public, max-age=300");
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
    }

    @Test
    void setIsOnlyRead() {
        Answer refused = server.send(server.request("/oauth/jwks", null).POST(BodyPublishers.ofString("{}")));
        assertThat(refused.status()).isEqualTo(405);
        assertThat(refused.header("Allow")).isEqualTo("GET, HEAD");
    }
}

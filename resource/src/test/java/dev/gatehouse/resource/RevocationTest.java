package dev.gatehouse.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.EventStream;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.resource.support.RunningResource;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

@Timeout(60)
class RevocationTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path home;
    private RunningResource server;

    @BeforeEach
    void start() {
        server = new RunningResource(home, Clock.systemUTC())
            .start(new JsonObject().put("introspection", new JsonObject().put("revalidateSeconds", 1)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void openStreamEndsWhenItsTokenIsRevoked() {
        McpSession revoked = server.session("alice");
        McpSession other = server.session("bob");
        try (EventStream ending = revoked.listen()) {
            server.authServer().revoke("token-of-alice-mcp-read-mcp-write");
            assertThat(ending.endsWithin(LIMIT)).as("the stream ended").isTrue();
            assertThat(other.data("get_user_profile", new JsonObject()).getString("user_id")).isEqualTo("bob");
        }
    }

    @Test
    void openStreamEndsWhenItsTokenExpires() {
        server.session("bob").data("get_user_profile", new JsonObject());
        JsonObject claims = new JsonObject().put("active", true).put("sub", "usr_alice").put("client_id", "c").put("scope", "mcp:read")
            .put("aud", server.mcp()).put("exp", Clock.systemUTC().millis() / 1000 + 6);
        McpSession session = McpSession.open(server.mcp(), server.authServer().issue("short", claims));
        try (EventStream ending = session.listen()) {
            assertThat(ending.endsWithin(LIMIT)).isTrue();
        }
        assertThat(session.send("tools/list", new JsonObject()).statusCode()).isEqualTo(401);
    }

    @Test
    void streamStaysOpenWhileNobodyCanTell() {
        McpSession session = server.session("alice");
        try (EventStream ending = session.listen()) {
            server.authServer().kill();
            assertThat(session.data("get_user_profile", new JsonObject()).getString("user_id")).isEqualTo("alice");
            server.authServer().start();
            server.authServer().revoke("token-of-alice-mcp-read-mcp-write");
            assertThat(ending.endsWithin(LIMIT)).isTrue();
        }
    }
}

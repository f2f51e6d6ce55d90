package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;

/** The authorization server is gone: tokens are neither believed nor called invalid. */
final class OutageIT {

    @Test
    void unreachableAuthorizationServerIsNoReasonToCallATokenInvalid() {
        JsonObject introspection = new JsonObject().put("timeoutMillis", 500);
        try (RunningGatehouse gatehouse = RunningGatehouse.configured(new JsonObject(),
            new JsonObject().put("introspection", introspection))) {
            String known = gatehouse.tokens().access();
            String unknown = gatehouse.tokens().access();
            assertThat(McpSession.admits(gatehouse.mcp(), known)).isTrue();
            gatehouse.killAuthorizationServer();

            HttpResponse<String> refused = McpSession.knock(gatehouse.mcp(), unknown);
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(McpSession.admits(gatehouse.mcp(), known)).as("cached, within its bound").isTrue();
        }
    }
}

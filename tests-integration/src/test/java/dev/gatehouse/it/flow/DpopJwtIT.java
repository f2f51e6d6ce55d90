package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.ProofMaker;
import dev.gatehouse.it.support.DpopClient;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;

/** JWT access tokens that are bound to a key, verified by the MCP server itself or asked about (RFC 9449 §6.1, RFC 9068). */
final class DpopJwtIT {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void boundJwtCallsWithItsProofOnly(boolean verifiedLocally) {
        JsonObject authz = new JsonObject().put("tokens", new JsonObject().put("format", "jwt"));
        JsonObject resource = new JsonObject().put("localJwt", new JsonObject().put("enabled", verifiedLocally));
        try (RunningGatehouse gatehouse = RunningGatehouse.inProcess(authz, resource)) {
            DpopClient holder = new DpopClient(gatehouse.client(), new ProofMaker(Clock.systemUTC()));
            DpopClient thief = new DpopClient(gatehouse.client(), new ProofMaker(Clock.systemUTC()));
            Tokens tokens = holder.tokens(gatehouse.journey());
            assertThat(claims(tokens.access()).getJsonObject("cnf")).isEqualTo(new JsonObject().put("jkt", holder.key().thumbprint()));
            assertThat(holder.call(gatehouse.mcp(), tokens.access(), DpopClient.PING, Map.of()).statusCode()).isEqualTo(400);
            assertThat(thief.call(gatehouse.mcp(), tokens.access(), DpopClient.PING, Map.of()).statusCode()).isEqualTo(401);
            assertThat(McpSession.admits(gatehouse.mcp(), tokens.access())).isFalse();
            Tokens refreshed = Tokens.of(holder.refresh(tokens).body());
            assertThat(refreshed.json().getString("token_type")).isEqualTo("DPoP");
            assertThat(holder.call(gatehouse.mcp(), refreshed.access(), DpopClient.PING, Map.of()).statusCode()).isEqualTo(400);
        }
    }

    private static JsonObject claims(String jwt) {
        return new JsonObject(new String(Base64.getUrlDecoder().decode(jwt.split("\\.")[1]), StandardCharsets.UTF_8));
    }
}

package dev.gatehouse.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.NodeProgram;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.Map;

/** Tokens bound to a client's key. Libraries create the proofs, and both servers require a nonce in each. */
final class DpopInteropIT {
    private static RunningGatehouse gatehouse;

    @BeforeAll
    static void start() {
        JsonObject nonces = new JsonObject().put("dpop", new JsonObject().put("nonceRequired", true));
        gatehouse = RunningGatehouse.inProcess(nonces, nonces.copy());
    }

    @AfterAll
    static void stop() {
        gatehouse.close();
    }

    @Test
    void openidClientBindsRefreshesAndCalls() {
        JsonObject result = new Interop(gatehouse, "openid-client.mjs").run("dpop");
        String thumbprint = result.getJsonObject("claims").getJsonObject("cnf").getString("jkt");
        assertThat(thumbprint).hasSize(43);
        assertThat(result.getJsonObject("refreshed").getString("token_type")).isEqualToIgnoringCase("DPoP");
        assertThat(result.getInteger("served")).isEqualTo(200);
        assertThat(result.getInteger("bearer")).as("without its proof").isEqualTo(401);
        assertThat(result.getInteger("otherKey")).as("with a proof by another key").isEqualTo(401);
        assertThat(result.getString("stolen")).as("refreshed with another key").isEqualTo("invalid_grant");
    }

    @Test
    void oauth4webapiBindsTheCodeToo() {
        JsonObject result = new Interop(gatehouse, "oauth4webapi.mjs").run("dpop");
        assertThat(result.getString("stolen")).as("redeemed with another key").isEqualTo("invalid_grant");
        assertThat(result.getInteger("served")).isEqualTo(200);
        assertThat(result.getJsonObject("claims").getString("token_type")).isEqualTo("DPoP");
    }

    @Test
    void mcpClientCallsToolsWithBoundTokens() {
        JsonObject settings = new JsonObject().put("sdk", 2).put("url", gatehouse.mcp()).put("dpop", true).put("keepRefresh", true)
            .put("client", new JsonObject().put("id", gatehouse.publicClient().id()))
            .put("redirectUri", "http://127.0.0.1:" + Ports.free() + "/callback");
        JsonObject result = NodeProgram.run("mcp-oauth.mjs", settings,
            Map.of("AUTHORIZE", url -> Http.get(gatehouse.journey().allow(url).toString())));
        assertThat(result.getJsonObject("tokens").getString("token_type")).isEqualTo("DPoP");
        assertThat(result.getJsonObject("created").getBoolean("isError")).isFalse();
    }
}

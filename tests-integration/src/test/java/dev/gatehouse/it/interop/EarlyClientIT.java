package dev.gatehouse.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.NodeProgram;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.util.Map;

/** Clients of revision 2025-03-26, which take the MCP server's origin for that of the authorization server. */
@Gatehouse
final class EarlyClientIT {
    private final RunningGatehouse gatehouse;

    EarlyClientIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @Test
    void clientFindsTheAuthorizationServersMetadataAtTheOriginOfTheMcpServer() {
        JsonObject result = login(true);
        assertThat(result.getJsonArray("asked")).contains(gatehouse.mcpOrigin() + "/.well-known/oauth-authorization-server",
            gatehouse.issuer() + "/oauth/register", gatehouse.issuer() + "/oauth/token");
    }

    @Test
    void clientWithoutMetadataComesInByTheDefaultEndpoints() {
        JsonObject result = login(false);
        assertThat(result.getJsonArray("asked")).contains(gatehouse.mcpOrigin() + "/register", gatehouse.mcpOrigin() + "/token");
    }

    private JsonObject login(boolean metadata) {
        JsonObject settings = new JsonObject().put("url", gatehouse.mcp()).put("metadata", metadata)
            .put("redirectUri", "http://127.0.0.1:" + Ports.free() + "/callback");
        JsonObject result = NodeProgram.run("mcp-2025-03-26.mjs", settings, Map.of("AUTHORIZE", url -> {
            String authorize = metadata ? url : Http.get(url).headers().firstValue("location").orElseThrow();
            assertThat(authorize).startsWith(gatehouse.issuer() + "/oauth/authorize?");
            Http.get(gatehouse.journey().allow(authorize).toString());
        }));
        assertThat(result.getJsonObject("profile").getBoolean("isError", false)).as(result.encode()).isFalse();
        assertThat(result.getJsonObject("tokens").getString("access_token")).startsWith("gha_");
        return result;
    }

    @Test
    void metadataAtTheOriginIsThatOfTheAuthorizationServer() {
        HttpResponse<String> here = Http.get(gatehouse.mcpOrigin() + "/.well-known/oauth-authorization-server", "Origin", "http://localhost:5173");
        assertThat(here.statusCode()).isEqualTo(200);
        assertThat(here.headers().firstValue("access-control-allow-origin")).hasValue("*");
        assertThat(new JsonObject(here.body())).isEqualTo(new JsonObject(
            Http.get(gatehouse.issuer() + "/.well-known/oauth-authorization-server").body()));
    }

    @Test
    void defaultEndpointsKeepMethodAndQueryAndServePagesOfOtherOrigins() {
        HttpResponse<String> authorize = Http.get(gatehouse.mcpOrigin() + "/authorize?client_id=a%20b&state=%26");
        assertThat(authorize.statusCode()).isEqualTo(302);
        assertThat(authorize.headers().firstValue("location")).hasValue(gatehouse.issuer() + "/oauth/authorize?client_id=a%20b&state=%26");
        HttpResponse<String> token = Http.postForm(gatehouse.mcpOrigin() + "/token", Map.of("grant_type", "authorization_code"), "Origin", "http://localhost:5173");
        assertThat(token.statusCode()).isEqualTo(307);
        assertThat(token.headers().firstValue("location")).hasValue(gatehouse.issuer() + "/oauth/token");
        assertThat(token.headers().firstValue("access-control-allow-origin")).hasValue("*");
        assertThat(Http.options(gatehouse.mcpOrigin() + "/register", "Origin", "http://localhost:5173", "Access-Control-Request-Method", "POST")
            .statusCode()).isEqualTo(204);
        assertThat(Http.get(gatehouse.mcpOrigin() + "/token").statusCode()).isEqualTo(405);
    }
}

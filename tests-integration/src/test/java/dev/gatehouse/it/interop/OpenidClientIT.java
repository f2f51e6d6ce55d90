package dev.gatehouse.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Devices;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.Map;

/** openid-client, certified by the OpenID Foundation. It verifies each response itself, and a test fails if it rejects one. */
@Gatehouse
final class OpenidClientIT {
    private final RunningGatehouse gatehouse;
    private final Interop library;

    OpenidClientIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        library = new Interop(gatehouse, "openid-client.mjs");
    }

    @Test
    void codeRefreshIntrospectionAndRevocation() {
        JsonObject result = library.run("code");
        assertThat(result.getString("iss")).isEqualTo(gatehouse.issuer());
        assertThat(result.getJsonObject("tokens").getString("scope").split(" ")).containsExactlyInAnyOrder("mcp:read", "mcp:write");
        assertThat(result.getJsonObject("refreshed").getString("scope")).isEqualTo("mcp:read");
        assertThat(result.getJsonObject("before").getBoolean("active")).isTrue();
        assertThat(result.getJsonObject("before").getString("aud")).isEqualTo(gatehouse.mcp());
        assertThat(result.getJsonObject("after")).isEqualTo(new JsonObject().put("active", false));
        assertThat(result.getString("revoked")).isEqualTo("invalid_grant");
    }

    @Test
    void refusalAndMixedUpAnswer() {
        JsonObject result = library.run("refused", new JsonObject(), Map.of("AUTHORIZE", library::deny));
        assertThat(result.getString("error")).isEqualTo("access_denied");
        assertThat(result.getString("mixedUp")).isEqualTo("OAUTH_INVALID_RESPONSE");
    }

    @Test
    void clientCredentialsByASecret() {
        JsonObject claims = library.run("clientCredentials").getJsonObject("claims");
        assertThat(claims.getBoolean("active")).isTrue();
        assertThat(claims.getString("sub")).isEqualTo(claims.getString("client_id"));
    }

    /** A program without a user gets a token (MCP's extension for client credentials). */
    @Test
    void clientCredentialsByAKey() {
        JsonObject result = library.run("clientCredentialsByKey", new KeyProgram(gatehouse).settings(), Map.of());
        assertThat(result.getString("stranger")).isEqualTo("invalid_client");
        assertThat(result.getJsonObject("tokens").getString("scope")).isEqualTo("mcp:read");
        assertThat(result.getJsonObject("tokens").getString("refresh_token")).isNull();
        assertThat(result.getJsonObject("claims").getBoolean("active")).isTrue();
        assertThat(result.getJsonObject("claims").getString("aud")).isEqualTo(gatehouse.mcp());
    }

    /** The client registers with a key and signs each authentication with it. */
    @Test
    void clientThatProvesItselfByAKey() {
        JsonArray algorithms = metadata().getJsonArray("token_endpoint_auth_signing_alg_values_supported");
        // Named by its curve alone in this library (RFC 9864), and a client keeps to the name that it registered.
        algorithms.remove("EdDSA");
        assertThat(algorithms).isNotEmpty();
        JsonObject result = library.run("privateKey", new JsonObject().put("algorithms", algorithms), Map.of());
        algorithms.forEach(algorithm -> {
            JsonObject flow = result.getJsonObject((String) algorithm);
            assertThat(flow.getJsonObject("refreshed").getString("access_token")).as((String) algorithm).isNotEmpty();
            assertThat(flow.getJsonObject("after").getBoolean("active")).as((String) algorithm).isFalse();
        });
    }

    @Test
    void requestThatIsPushedBeforehand() {
        JsonObject result = library.run("pushed");
        assertThat(result.getString("iss")).isEqualTo(gatehouse.issuer());
        assertThat(result.getJsonObject("claims").getBoolean("active")).isTrue();
    }

    /** The library verifies the ID token: signature, issuer, audience, nonce, age; and that user info is of the same person. */
    @Test
    void personByOpenIdConnect() {
        JsonObject result = library.run("openid");
        assertThat(result.getJsonObject("claims").getString("iss")).isEqualTo(gatehouse.issuer());
        assertThat(result.getJsonObject("user").getString("email")).isEqualTo("testuser@example.com");
        assertThat(result.getJsonObject("user").getString("sub")).isEqualTo(result.getJsonObject("claims").getString("sub"));
        assertThat(result.getString("logout")).startsWith(gatehouse.issuer());
        assertThat(result.getString("forMcp")).as("the MCP server could send this token").isNotEmpty();
        assertThat(result.getJsonObject("byRefresh").getString("email")).isEqualTo("testuser@example.com");
    }

    @Test
    void deviceThatAPersonApproves() {
        Devices devices = new Devices(gatehouse);
        JsonObject result = library.run("device", publicClient(devices), Map.of("DEVICE", address -> devices.answer(address, "allow")));
        assertThat(gatehouse.active(result.getJsonObject("tokens").getString("access_token"))).isTrue();
    }

    @Test
    void deviceThatAPersonRefuses() {
        Devices devices = new Devices(gatehouse);
        JsonObject result = library.run("deviceRefused", publicClient(devices), Map.of("DEVICE", address -> devices.answer(address, "deny")));
        assertThat(result.getString("error")).isEqualTo("access_denied");
    }

    private static JsonObject publicClient(Devices devices) {
        return new JsonObject().put("publicClient", new JsonObject().put("id", devices.clientId()));
    }

    private JsonObject metadata() {
        return new JsonObject(Http.get(gatehouse.issuer() + "/.well-known/oauth-authorization-server").body());
    }
}

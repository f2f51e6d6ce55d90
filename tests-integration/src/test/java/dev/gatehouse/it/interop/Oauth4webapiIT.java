package dev.gatehouse.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Devices;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.Map;

/** oauth4webapi checks each response before it sends the next request. */
@Gatehouse
final class Oauth4webapiIT {
    private final RunningGatehouse gatehouse;
    private final Interop library;

    Oauth4webapiIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        library = new Interop(gatehouse, "oauth4webapi.mjs");
    }

    @Test
    void codeRefreshIntrospectionAndRevocation() {
        JsonObject result = library.run("code");
        assertThat(result.getJsonObject("before").getBoolean("active")).isTrue();
        assertThat(result.getJsonObject("before").getString("aud")).isEqualTo(gatehouse.mcp());
        assertThat(result.getJsonObject("after").getBoolean("active")).isFalse();
        assertThat(result.getString("revoked")).isEqualTo("invalid_grant");
    }

    @Test
    void clientCredentialsByASecret() {
        JsonObject result = library.run("clientCredentials");
        assertThat(result.getJsonObject("tokens").getString("scope")).isEqualTo("mcp:read");
        assertThat(result.getJsonObject("claims").getBoolean("active")).isTrue();
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

    @Test
    void requestThatIsPushedBeforehand() {
        assertThat(library.run("pushed").getJsonObject("tokens").getString("refresh_token")).isNotEmpty();
    }

    @Test
    void registeredByItself() {
        JsonObject result = library.run("registration");
        assertThat(result.getJsonObject("registered").getString("token_endpoint_auth_method")).isEqualTo("none");
        assertThat(result.getJsonObject("tokens").getString("refresh_token")).isNotEmpty();
    }

    @Test
    void introspectionThatIsSigned() {
        JsonObject result = library.run("signedIntrospection");
        assertThat(result.getString("type")).startsWith("application/token-introspection+jwt");
        assertThat(result.getJsonObject("claims").getBoolean("active")).isTrue();
    }

    @Test
    void deviceThatAPersonApproves() {
        Devices devices = new Devices(gatehouse);
        JsonObject result = library.run("device", publicClient(devices), Map.of("DEVICE", address -> devices.answer(address, "allow")));
        assertThat(result.getString("pending")).isEqualTo("authorization_pending");
        assertThat(result.getString("hasty")).isEqualTo("slow_down");
        assertThat(gatehouse.active(result.getJsonObject("tokens").getString("access_token"))).isTrue();
    }

    private static JsonObject publicClient(Devices devices) {
        return new JsonObject().put("publicClient", new JsonObject().put("id", devices.clientId()));
    }
}

package dev.gatehouse.it.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.Map;

/** The commands {@code up} and {@code token}. */
@Gatehouse
final class UpIT {

    @Test
    void bothLoopbackAddressesServe(RunningGatehouse gatehouse) {
        int port = URI.create(gatehouse.issuer()).getPort();
        assertThat(Http.get("http://127.0.0.1:" + port + "/health").statusCode()).isEqualTo(200);
    }

    @Test
    void tokenPrintsATokenForItsMcpServerAndNothingElse(RunningGatehouse gatehouse) {
        Product.Result first = gatehouse.run("token", "--auth-server", gatehouse.issuer());
        assertThat(first.err()).isEmpty();
        assertThat(first.out()).matches("gha_[A-Za-z0-9_-]{43}\n");
        // The second time consent is remembered, and the flow has a page less.
        Product.Result second = gatehouse.run("token", "--auth-server", gatehouse.issuer() + "/");
        assertThat(second.out()).matches("gha_[A-Za-z0-9_-]{43}\n").isNotEqualTo(first.out());
        JsonObject claims = introspect(gatehouse, second.out().strip());
        assertThat(claims.getBoolean("active")).isTrue();
        assertThat(claims.getString("username")).isEqualTo("testuser");
        assertThat(claims.getString("scope")).isEqualTo("mcp:read mcp:write");
        assertThat(claims.encode()).contains(gatehouse.mcp());
    }

    @Test
    void tokenWithAWrongPasswordPrintsNothingAndSaysWhy(RunningGatehouse gatehouse) {
        Product.Result refused = Product.runWithInput(gatehouse.home(), "wrong\n", "token", "--auth-server",
            gatehouse.issuer(), "--password-stdin");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("password");
        Product.Result allowed = Product.runWithInput(gatehouse.home(), "testpass\n", "token", "--auth-server",
            gatehouse.issuer(), "--password-stdin");
        assertThat(allowed.out()).startsWith("gha_");
    }

    private static JsonObject introspect(RunningGatehouse gatehouse, String token) {
        return new JsonObject(Http.postForm(gatehouse.issuer() + "/oauth/introspect", Map.of("token", token)).body());
    }
}

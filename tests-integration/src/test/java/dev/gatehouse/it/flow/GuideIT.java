package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The guide's lines for testing by hand, word for word but for the port. */
@Gatehouse
final class GuideIT {
    private final RunningGatehouse gatehouse;

    GuideIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @BeforeAll
    static void requireCurl() throws IOException, InterruptedException {
        boolean present = new ProcessBuilder("sh", "-c", "command -v curl").start().waitFor() == 0;
        Assumptions.assumeTrue(present, "no curl on this machine");
    }

    @Test
    void discovery() throws IOException {
        String metadata = shell("curl http://localhost:9000/.well-known/oauth-authorization-server");
        assertThat(new JsonObject(metadata).getString("issuer")).isEqualTo(gatehouse.issuer());
    }

    @Test
    void authorizationReturnsALoginForm() throws IOException {
        String page = shell("""
            curl "http://localhost:9000/oauth/authorize?client_id=mcp-test-client\
            &redirect_uri=http://localhost:3000/callback&response_type=code&scope=mcp:read\
            &code_challenge=test&code_challenge_method=S256\"""");
        assertThat(page).contains("<form").contains("type=\"password\"");
    }

    @Test
    void introspection() throws IOException {
        String line = """
            curl -X POST http://localhost:9000/oauth/introspect -d "token=%s" \
            -H "Content-Type: application/x-www-form-urlencoded\"""";
        assertThat(shell(line.formatted("your-access-token"))).isEqualTo("{\"active\":false}");
        assertThat(new JsonObject(shell(line.formatted(gatehouse.tokens().access()))).getBoolean("active")).isTrue();
    }

    private String shell(String line) throws IOException {
        String here = line.replace("http://localhost:9000", gatehouse.issuer()).replace("curl ", "curl -s ");
        Process process = new ProcessBuilder("sh", "-c", here).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}

package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.NodeProgram;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;

/** Passkeys of a virtual authenticator in a real Chromium. */
@Gatehouse
final class PasskeyIT {

    private static final String PASSWORD = "a long enough one " + Pkce.random();
    private final RunningGatehouse gatehouse;

    PasskeyIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @Test
    void passkeyOpensTheAccountAloneAndAfterThePassword() {
        String username = "keyholder-" + Pkce.random().substring(0, 8);
        Commands.addUser(gatehouse.home(), username, PASSWORD);
        JsonObject result = NodeProgram.run("passkey.mjs", new JsonObject().put("issuer", gatehouse.issuer()).put("username", username)
            .put("password", PASSWORD).put("chromium", Parts.chromium().toString())
            .put("look", new JsonObject().put("viewport", new JsonObject().put("width", 390).put("height", 844)).put("colorScheme", "dark"))
            .put("screenshots", Path.of("target", "screenshots").toAbsolutePath().toString()), Map.of());
        assertThat(result.getInteger("codes")).isEqualTo(10);
        assertThat(result.getString("alone")).isEqualTo("Your account");
        assertThat(result.getString("asked")).isEqualTo("Confirm that it is you");
        assertThat(result.getString("second")).isEqualTo("Your account");
        assertThat(result.getString("unverified")).isNotBlank();
        assertThat(result.getJsonArray("console")).as("what the browser complained of")
            .noneSatisfy(line -> assertThat(line.toString()).containsIgnoringCase("violates"));
        Browser browser = new Browser(gatehouse.issuer());
        Page asked = browser.submit(browser.get("/account"), Map.of("username", username, "password", PASSWORD));
        assertThat(asked.document().selectFirst("form#factor")).as("the password alone opens nothing now").isNotNull();
    }
}

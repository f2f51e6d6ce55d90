package dev.gatehouse.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.factor.Totp;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A policy of the MCP server demands a second factor for one tool, and the client gets it from the authorization server (RFC 9470). */
final class StepUpIT {

    private static final String POLICY = """
        {"default": "allow", "rules": [
          {"name": "second-factor-to-write", "effect": "require_step_up", "when": "tool.name == 'create_secure_note'", "acrValues": ["mfa"], "maxAgeSeconds": 600}
        ]}
        """;

    @Test
    void toolThatNeedsASecondFactorRunsAfterTheClientHasSentTheUserForIt() throws IOException {
        Path policy = Files.writeString(Product.scratch("policy").resolve("policy.json"), POLICY);
        try (RunningGatehouse gatehouse = RunningGatehouse.inProcess(new JsonObject(),
                new JsonObject().put("policy", new JsonObject().put("file", policy.toString())))) {
            Journey journey = new Journey(new Browser(gatehouse.issuer()), "testuser", "testpass");
            Map<String, String> environment = Product.environment(Product.scratch("client"));
            String[] call = {"connect", gatehouse.mcp(), "--no-browser", "--call", "create_secure_note", "--arguments",
                "{\"title\": \"t\", \"content\": \"stepped up\"}", "--json"};
            try (TypedProcess connect = TypedProcess.start(environment, call)) {
                Http.get(journey.allow(connect.authorizationUrl()).toString());
                URI unmet = journey.allow(stepUp(connect));
                assertThat(Http.query(unmet)).as("the account has no second factor").containsEntry("error", "unmet_authentication_requirements");
                Http.get(unmet.toString());
                assertThat(connect.exitCode()).isEqualTo(4);
                assertThat(connect.err()).contains("unmet_authentication_requirements");
            }
            String secret = enrol(journey.browser(), gatehouse.issuer());
            try (TypedProcess connect = TypedProcess.start(environment, call)) {
                Page asked = journey.browser().open(stepUp(connect));
                Page consent = journey.browser().submit(asked, Map.of("code", Totp.code(secret, System.currentTimeMillis() / 30_000 + 1)));
                Http.get(journey.browser().submit(consent, consent.button("allow")).redirect().toString());
                assertThat(connect.exitCode()).as(connect.err()).isZero();
                assertThat(new JsonObject(connect.out()).getBoolean("isError", false)).isFalse();
            }
        }
    }

    private static String stepUp(TypedProcess connect) {
        return connect.await("(http://localhost:\\d+/oauth/authorize\\?\\S*acr_values=mfa\\S*)\\s", 1);
    }

    private static String enrol(Browser browser, String issuer) {
        Page form = browser.open(issuer + "/account/factor");
        String secret = form.document().selectFirst(".secret code").text().replace(" ", "");
        Page codes = browser.submit(form, Map.of("code", Totp.code(secret, System.currentTimeMillis() / 30_000), "current", "testpass"));
        assertThat(codes.document().select(".recovery code")).hasSize(10);
        return secret;
    }
}

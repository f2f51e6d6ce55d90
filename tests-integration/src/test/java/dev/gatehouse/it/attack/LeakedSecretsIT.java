package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Drives every flow, error paths too, with secrets it knows, and looks for them where they must not be. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LeakedSecretsIT {
    private static final String PASSWORD = "marked-password-" + Pkce.random();
    private static final String NOTE = "marked-note-" + Pkce.random();
    private final List<String> secrets = new ArrayList<>(List.of(PASSWORD, "testpass", OAuthClient.TEST_SECRET));
    private RunningGatehouse gatehouse;

    @BeforeAll
    void driveEveryFlow() {
        gatehouse = RunningGatehouse.upWith("--debug");
        Commands.addUser(gatehouse.home(), "marked", PASSWORD);
        OAuthClient client = gatehouse.client();
        Browser browser = new Browser(gatehouse.issuer());
        Journey journey = new Journey(browser, "marked", PASSWORD);
        Pkce pkce = Pkce.fresh();
        String code = journey.code(client, pkce);
        Tokens first = Tokens.of(client.redeem(code, pkce).body());
        Tokens second = Tokens.of(client.refresh(first.refresh()).body());
        McpSession session = McpSession.open(gatehouse.mcp(), second.access());
        session.tool("create_secure_note", new JsonObject().put("title", "T " + NOTE).put("content", NOTE));
        session.tool("list_secure_notes", new JsonObject());
        McpSession.initialize(gatehouse.mcp() + "?access_token=" + second.access(), null);
        faults(client, journey, code, pkce, second);
        secrets.addAll(List.of(code, pkce.verifier(), first.access(), first.refresh(), second.access(),
            second.refresh(), NOTE,
            session.id()));
        secrets.addAll(browser.cookies().values());
    }

    @AfterAll
    void stop() {
        gatehouse.close();
    }

    @Test
    void logsHoldNoSecret() {
        String log = gatehouse.output();
        assertThat(log).as("something was logged").isNotBlank();
        // The banner of the demo prints its own well-known credentials on purpose.
        secrets.stream().filter(secret -> !secret.equals("testpass") && !secret.equals(OAuthClient.TEST_SECRET))
            .forEach(secret -> assertThat(log).doesNotContain(secret).doesNotContain(secret.substring(0, 16)));
    }

    @Test
    void storeHoldsNoSecretInAnyFile() throws IOException {
        try (Stream<Path> files = Files.walk(gatehouse.home())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertThat(secrets).as(file.toString()).noneMatch(content::contains);
            }
        }
    }

    @Test
    void dataHomeIsForItsOwnerOnly() throws IOException {
        try (Stream<Path> files = Files.walk(gatehouse.home())) {
            for (Path file : files.toList()) {
                String expected = Files.isDirectory(file) ? "rwx------" : "rw-------";
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).as(file.toString())
                    .isEqualTo(expected);
            }
        }
    }

    /** Secrets often leak through errors. */
    private static void faults(OAuthClient client, Journey journey, String code, Pkce pkce, Tokens tokens) {
        client.redeem(code + "x", pkce);
        client.redeem(code, pkce, "redirect_uri", "http://localhost:3000/other");
        client.refresh(tokens.refresh() + "x");
        client.refresh(tokens.refresh(), "scope", "mcp:admin");
        client.revoke(tokens.access() + "x");
        client.introspect(tokens.refresh());
        new OAuthClient(client.issuer(), client.id(), PASSWORD, client.redirectUri()).clientCredentials();
        Browser stranger = new Browser(client.issuer());
        stranger.submit(stranger.open(client.authorizationUrl(Pkce.fresh())),
            Map.of("username", "marked", "password", PASSWORD + "x"));
        journey.browser().open(client.issuer() + "/oauth/nothing?code=" + code);
    }
}

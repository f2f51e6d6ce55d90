package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The audit log has a record of each event and no forged ones (OWASP ASVS 5.0 §16.3, §16.4.1). */
@Gatehouse
final class AuditIT {
    private final RunningGatehouse gatehouse;
    private final OAuthClient client;

    AuditIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        client = gatehouse.client();
    }

    @Test
    void everyStepAndEveryAttackIsOnRecord() {
        Pkce pkce = Pkce.fresh();
        String resource = "http://localhost:5987/" + Pkce.random();
        String code = gatehouse.journey().code(client, pkce, "resource", resource);
        Tokens first = Tokens.of(client.redeem(code, pkce).body());
        Tokens second = Tokens.of(client.refresh(first.refresh()).body());
        client.refresh(second.refresh());
        client.refresh(first.refresh());
        client.redeem(code, pkce);
        gatehouse.journey().deny(client.authorizationUrl(Pkce.fresh(), "resource", resource + "2"));
        new OAuthClient(client.issuer(), client.id(), "wrong", null).clientCredentials();

        assertThat(events().stream().map(event -> event.getString("event"))).contains("login_succeeded", "consent_given",
            "code_issued", "token_issued", "refresh_token_reused", "code_replayed", "consent_denied", "client_refused");
        assertThat(events()).filteredOn(event -> event.getString("event").equals("code_issued"))
            .allSatisfy(event -> assertThat(event.fieldNames()).contains("request_id", "client_id", "sub"));
    }

    @Test
    void whatCommandsOnTheCommandLineDoIsInTheServersAudit() {
        String name = "audited" + Pkce.random().substring(0, 8).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "x");
        assertThat(Product.runWithInput(gatehouse.home(), "a long password\n", "user", "add", name).exitCode()).isZero();
        assertThat(gatehouse.run("client", "add", name, "--public", "--redirect-uri", "http://localhost/callback").exitCode()).isZero();
        assertThat(gatehouse.run("client", "delete", name).exitCode()).isZero();
        assertThat(gatehouse.run("key", "rotate").exitCode()).isZero();
        Eventually.holds("the server's audit has the commands", Duration.ofSeconds(10), () -> events().stream()
            .filter(event -> "command line".equals(event.getString("source")) && event.getString("operator") != null)
            .map(event -> event.getString("event") + " " + event.getString("username", event.getString("client_id", ""))).toList()
            .containsAll(List.of("user_added " + name, "client_added " + name, "client_deleted " + name, "signing_key_rotated ")));
        assertThat(events().stream().filter(event -> name.equals(event.getString("username")))).as("each once").hasSize(1);
    }

    @Test
    void commandsReadTheTrailOfARunningServer() throws IOException {
        Pkce pkce = Pkce.fresh();
        Tokens tokens = Tokens.of(client.redeem(gatehouse.journey().code(client, pkce), pkce).body());
        String name = "trail" + Pkce.random().substring(0, 8).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "x");
        assertThat(gatehouse.run("client", "add", name, "--public", "--redirect-uri", "http://localhost/callback").exitCode()).isZero();
        Product.Result search = gatehouse.run("audit", "search", "--event", "client_added", "--source", "command line", "--json");
        assertThat(new JsonArray(search.out()).stream().map(JsonObject.class::cast).map(event -> event.getString("client_id"))).as("at once").contains(name);
        Eventually.holds("the trail has the token", Duration.ofSeconds(10), () -> new JsonArray(gatehouse.run("audit", "search", "--client", client.id(), "--json").out())
            .stream().map(JsonObject.class::cast).map(event -> event.getString("event")).toList().containsAll(List.of("login_succeeded", "consent_given", "code_issued", "token_issued")));
        Path file = gatehouse.home().resolve("exported-" + name + ".jsonl");
        assertThat(gatehouse.run("audit", "export", "--to", file.toString()).exitCode()).isZero();
        String exported = Files.readString(file);
        assertThat(exported.lines().map(JsonObject::new).toList()).hasSizeGreaterThan(4).allSatisfy(event -> assertThat(event.getString("hash")).hasSize(43));
        assertThat(exported).doesNotContain(tokens.access(), tokens.refresh(), pkce.verifier());
        assertThat(gatehouse.run("audit", "export", "--to", file.toString()).exitCode()).as("replaces no file").isNotZero();
        assertThat(gatehouse.run("audit", "tail", "-n", "3").out().lines()).hasSize(4);
    }

    @Test
    void tamperingShowsOnTheCommandLine() throws SQLException {
        Path home = Product.scratch("tampered");
        assertThat(Product.run(home, "client", "add", "one", "--public", "--redirect-uri", "http://localhost/callback").exitCode()).isZero();
        assertThat(Product.run(home, "client", "add", "two", "--public", "--redirect-uri", "http://localhost/callback").exitCode()).isZero();
        Product.Result intact = Product.run(home, "audit", "verify");
        assertThat(intact.exitCode()).as(intact.err()).isZero();
        assertThat(intact.out()).contains("intact: 2 events");
        String newest = intact.out().lines().toList().get(1);
        assertThat(Product.run(home, "audit", "verify", "--expect", newest).exitCode()).isZero();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("authz.db")); Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE audit_event SET client_id = 'other' WHERE seq = 1")).isEqualTo(1);
        }
        Product.Result tampered = Product.run(home, "audit", "verify");
        assertThat(tampered.exitCode()).isEqualTo(1);
        assertThat(tampered.out()).contains("Event 1 was changed.");
    }

    @Test
    void inputCannotForgeALine() {
        String forged = "nobody\r\n2026-01-01T00:00:00Z INFO  audit - {\"event\":\"forged\"}";
        Browser browser = new Browser(gatehouse.issuer());
        browser.submit(browser.open(client.authorizationUrl(Pkce.fresh())), Map.of("username", forged, "password", "x"));
        assertThat(gatehouse.output().lines()).noneMatch(line -> line.startsWith("2026-01-01T00:00:00Z"));
        assertThat(events()).extracting(event -> event.getString("event")).contains("login_failed").doesNotContain("forged");
    }

    private List<JsonObject> events() {
        return gatehouse.output().lines().filter(line -> line.contains(" audit - {"))
            .map(line -> new JsonObject(line.substring(line.indexOf('{')))).toList();
    }
}

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
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

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

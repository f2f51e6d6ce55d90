package dev.gatehouse.authz.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.PurgeSteps;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

final class DeviceTest extends BrowserTest {

    private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";

    @BeforeEach
    void addDevices() {
        for (String id : List.of("tv", "fridge")) {
            server.running().add(new Client(id, "The <b>" + id + "</b> app", List.of(), Set.of(ClientAuthMethod.NONE), List.of(),
                Set.of(GRANT, "refresh_token"), Scopes.of("mcp:read", "mcp:write"), List.of(), server.clock().millis()));
        }
    }

    @Test
    void aDeviceIsGivenTwoCodesAndTheAddressOfThePage() {
        Answer answer = server.running().post("/oauth/device_authorization", "client_id", "tv", "scope", "mcp:read").requireOk();
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.json().getString("device_code")).matches("ghd_[A-Za-z0-9_-]{43}");
        assertThat(answer.json().getString("user_code")).matches("[B-Z&&[^AEIOUY]]{4}-[B-Z&&[^AEIOUY]]{4}");
        assertThat(answer.json().getString("verification_uri")).isEqualTo(server.issuer() + "/device");
        assertThat(answer.json().getString("verification_uri_complete"))
            .isEqualTo(server.issuer() + "/device?user_code=" + answer.json().getString("user_code"));
        assertThat(answer.json().getInteger("expires_in")).isEqualTo(600);
        assertThat(answer.json().getInteger("interval")).isEqualTo(5);
        assertThat(server.dump()).doesNotContain(answer.json().getString("device_code"),
            answer.json().getString("user_code").replace("-", ""));
    }

    @Test
    void whatADeviceMayNotHaveIsRefusedAtOnce() {
        RunningServer running = server.running();
        running.post("/oauth/device_authorization", "client_id", "tv", "scope", "nonsense").requireError(400, "invalid_scope");
        running.post("/oauth/device_authorization", "client_id", "tv", "resource", "https://elsewhere.example/").requireError(400, "invalid_target");
        running.post("/oauth/device_authorization", "client_id", "public").requireError(400, "unauthorized_client");
        running.post("/oauth/device_authorization", "client_id", "nobody").requireError(401, "invalid_client");
        assertThat(server.rows("SELECT * FROM device_authorization")).isEmpty();
    }

    @Test
    void anApprovedDeviceGetsTokensOnce() {
        JsonObject begun = begin();
        poll("tv", begun).requireError(400, "authorization_pending");
        decide(loggedIn(), begun, "approve");
        poll("fridge", begun).requireError(400, "invalid_grant");
        List<Answer> answers = server.running().postAtOnce(50, null, "/oauth/token", "grant_type", GRANT, "client_id", "tv",
            "device_code", begun.getString("device_code"));
        List<Answer> won = answers.stream().filter(answer -> answer.status() == 200).toList();
        assertThat(won).hasSize(1);
        answers.stream().filter(answer -> answer.status() != 200).forEach(answer -> answer.requireError(400, "invalid_grant"));
        assertThat(server.running().isActive(won.get(0).json().getString("access_token"))).isTrue();
        server.running().post("/oauth/token", "grant_type", "refresh_token", "client_id", "tv",
            "refresh_token", won.get(0).json().getString("refresh_token")).requireOk();
        assertThat(server.rows("SELECT * FROM authorization_grant WHERE client_id = 'tv'")).hasSize(1);
    }

    @Test
    void aDeviceThatAsksTooFastRecoversByWaitingLonger() {
        JsonObject begun = begin();
        poll("tv", begun).requireError(400, "authorization_pending");
        poll("tv", begun).requireError(400, "slow_down");
        server.clock().advance(Duration.ofSeconds(10));
        poll("tv", begun).requireError(400, "authorization_pending");
        server.clock().advance(Duration.ofSeconds(5));
        poll("tv", begun).requireError(400, "slow_down");
        decide(loggedIn(), begun, "approve");
        poll("tv", begun).requireOk();
    }

    @Test
    void anApprovedDeviceGetsNothingOnceThePersonsAccessHasEnded() {
        JsonObject kept = begin();
        decide(loggedIn(), kept, "approve");
        poll("tv", kept).requireOk();
        JsonObject ended = begin();
        decide(loggedIn(), ended, "approve");
        assertThat(Waiting.on(server.running().users().setDisabled("anna", true, server.clock().millis()))).isTrue();
        assertThat(Waiting.on(server.running().users().setDisabled("anna", false, server.clock().millis()))).isTrue();
        poll("tv", ended).requireError(400, "access_denied");
        JsonObject anew = begin();
        decide(loggedIn(), anew, "approve");
        poll("tv", anew).requireOk();
    }

    @Test
    void aDeniedDeviceAndAnExpiredOneAreToldSo() {
        JsonObject denied = begin();
        decide(loggedIn(), denied, "deny");
        poll("tv", denied).requireError(400, "access_denied");
        JsonObject late = begin();
        Browser browser = loggedIn();
        Page page = browser.get(late.getString("verification_uri_complete"));
        server.clock().advance(Duration.ofSeconds(600));
        poll("tv", late).requireError(400, "expired_token");
        PurgeSteps.of(server.clock(), Duration.ofDays(30), Duration.ofMinutes(10)).forEach(step -> Waiting.on(server.running().database().write(
            statements -> statements.update(step.sql(), step.cutoff().getAsLong(), 500))));
        poll("tv", late).requireError(400, "expired_token");
        assertThat(browser.send(page, "decision", "approve").body()).contains("No device is waiting");
        assertThat(server.rows("SELECT * FROM authorization_grant WHERE client_id = 'tv'")).isEmpty();
    }

    @Test
    void theAddressWithTheCodeStillAsksForLoginAndAClick() {
        JsonObject begun = begin();
        Browser browser = server.browser();
        Page login = browser.get(begun.getString("verification_uri_complete"));
        assertThat(login.isLogin()).isTrue();
        Page page = browser.follow(logIn(browser, login, "anna", "correct horse"));
        assertThat(page.body()).contains(begun.getString("user_code"), "The &lt;b&gt;tv&lt;/b&gt; app", "Read your data");
        poll("tv", begun).requireError(400, "authorization_pending");
        assertThat(browser.send(page, "decision", "approve", "csrf", "forged").status()).isEqualTo(403);
        assertThat(browser.send(page, "decision", "approve", "csrf", null).status()).isEqualTo(403);
        assertThat(server.rows("SELECT * FROM device_authorization WHERE state <> 'pending'")).isEmpty();
        assertThat(browser.send(page, "decision", "approve").body()).contains("Device connected");
        assertThat(browser.send(page, "decision", "approve").body()).contains("No device is waiting");
    }

    @Test
    void aCodeIsTheSameInAnyCaseAndWithAnyDashes() {
        JsonObject begun = begin();
        Browser browser = loggedIn();
        String typed = " " + begun.getString("user_code").toLowerCase().replace("-", " – ") + " ";
        Page page = browser.follow(browser.send(browser.get("/device"), "user_code", typed));
        assertThat(page.body()).contains(begun.getString("user_code"), "name=\"decision\"");
    }

    @Test
    void guessingIsSlowedDownForASessionAndASourceAndARightCodeDoesNotHelp() {
        JsonObject begun = begin();
        Browser browser = loggedIn();
        for (int tries = 0; tries < 30; tries++) {
            Page page = type(browser, "BBBB-BBB" + "BCDFGHJKLM".charAt(tries % 10));
            if (page.status() == 429) {
                break;
            }
            assertThat(page.status()).isEqualTo(422);
            type(browser, begun.getString("user_code"));
        }
        Page refused = type(browser, begun.getString("user_code"));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).isNotNull();
        assertThat(browser.get(begun.getString("verification_uri_complete")).status()).as("by its address").isEqualTo(429);
        assertThat(loggedIn().get(begun.getString("verification_uri_complete")).status()).isEqualTo(200);
    }

    @Test
    void addressesWithWrongCodesCountNothingAndAskForAClickAfterAFew() {
        JsonObject begun = begin();
        Browser browser = loggedIn();
        for (int tries = 0; tries < 40; tries++) {
            assertThat(browser.get("/device?user_code=BBBB-BBB" + "BCDFGHJKLM".charAt(tries % 10)).status()).isIn(422, 200);
        }
        assertThat(server.rows("SELECT * FROM login_failure")).isEmpty();
        Page filled = browser.get(begun.getString("verification_uri_complete"));
        assertThat(filled.status()).isEqualTo(200);
        assertThat(filled.fields()).containsEntry("user_code", begun.getString("user_code"));
        Page page = browser.send(filled);
        assertThat(page.body()).contains("The &lt;b&gt;tv&lt;/b&gt; app");
        assertThat(browser.send(page, "decision", "approve").body()).contains("Device connected");
        server.clock().advance(Duration.ofSeconds(61));
        for (int devices = 0; devices < 15; devices++) {
            assertThat(browser.get(begin().getString("verification_uri_complete")).body()).as("right ones").contains("app</bdi> on that device");
        }
        assertThat(browser.get(begin().getString("verification_uri_complete")).body()).contains("The &lt;b&gt;tv&lt;/b&gt; app");
    }

    @Test
    void anApprovedDeviceThatHasNotPolledIsOnTheAccountPageAndCanBeEnded() {
        JsonObject begun = begin();
        Browser browser = loggedIn();
        decide(browser, begun, "approve");
        Page account = browser.get("/account");
        assertThat(account.body()).contains("The &lt;b&gt;tv&lt;/b&gt; app", "It has not used the approval yet");
        Map<String, String> end = Map.of("act", "end", "client", "tv", "redirect", GRANT, "csrf", account.fields().get("csrf"));
        Browser bobs = server.browser();
        Page bobsAccount = bobs.follow(logIn(bobs, bobs.get("/account"), "bob", "battery staple"));
        assertThat(bobsAccount.body()).doesNotContain("app</bdi>");
        assertThat(browser.post("/account", end, "Sec-Fetch-Site", "same-origin").status()).isEqualTo(303);
        assertThat(browser.get("/account").body()).doesNotContain("The &lt;b&gt;tv&lt;/b&gt; app");
        poll("tv", begun).requireError(400, "access_denied");
        JsonObject kept = begin();
        decide(browser, kept, "approve");
        poll("tv", kept).requireOk();
        assertThat(browser.get("/account").body()).contains("The &lt;b&gt;tv&lt;/b&gt; app").doesNotContain("not used the approval yet");
    }

    @Test
    void anApprovedDeviceGetsNothingOnceItsClientIsDeleted() {
        JsonObject begun = begin();
        Client tv = Waiting.on(server.running().clients().find("tv")).orElseThrow();
        decide(loggedIn(), begun, "approve");
        assertThat(Waiting.on(server.running().clients().delete("tv", server.clock().millis()))).isTrue();
        server.running().add(tv);
        poll("tv", begun).requireError(400, "access_denied");
        assertThat(server.rows("SELECT * FROM authorization_grant WHERE client_id = 'tv'")).isEmpty();
    }

    @Test
    void deniedAccessIsNotShownAsASuccess() {
        Browser browser = loggedIn();
        Page page = browser.get(begin().getString("verification_uri_complete"));
        assertThat(browser.send(page, "decision", "deny").body()).contains("Access denied", "mark denied").doesNotContain("mark done");
        Page approved = browser.get(begin().getString("verification_uri_complete"));
        assertThat(browser.send(approved, "decision", "approve").body()).contains("mark done");
    }

    @Test
    void clientsThatRegisteredThemselvesUseItOnlyWhereThatIsOn() {
        JsonObject request = new JsonObject().put("token_endpoint_auth_method", "none").put("redirect_uris", new JsonArray().add("http://127.0.0.1/cb"))
            .put("grant_types", new JsonArray().add("authorization_code").add(GRANT));
        JsonObject off = server.running().postJson("/oauth/register", request).json();
        assertThat(off.getJsonArray("grant_types")).containsExactly("authorization_code");
        server.running().post("/oauth/device_authorization", "client_id", off.getString("client_id")).requireError(400, "unauthorized_client");
        server.restart(new JsonObject().put("device", new JsonObject().put("selfRegisteredClients", true)));
        JsonObject on = server.running().postJson("/oauth/register", request).json();
        assertThat(on.getJsonArray("grant_types")).containsExactly("authorization_code", GRANT);
        server.running().post("/oauth/device_authorization", "client_id", on.getString("client_id")).requireOk();
        server.restart(new JsonObject().put("device", new JsonObject().put("selfRegisteredClients", false)));
        server.running().post("/oauth/device_authorization", "client_id", on.getString("client_id")).requireError(400, "unauthorized_client");
        assertThat(server.rows("SELECT * FROM device_authorization")).hasSize(1);
    }

    private Page type(Browser browser, String code) {
        return browser.send(browser.get("/device"), "user_code", code);
    }

    private JsonObject begin() {
        return server.running().post("/oauth/device_authorization", "client_id", "tv").requireOk().json();
    }

    private Answer poll(String clientId, JsonObject begun) {
        return server.running().post("/oauth/token", "grant_type", GRANT, "client_id", clientId, "device_code", begun.getString("device_code"));
    }

    private static void decide(Browser browser, JsonObject begun, String decision) {
        Page page = browser.get(begun.getString("verification_uri_complete"));
        assertThat(browser.send(page, "decision", decision).status()).isEqualTo(200);
    }
}

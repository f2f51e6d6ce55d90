package dev.gatehouse.authz.factor;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.scope.LoginLevel;
import dev.gatehouse.authz.support.Authenticator;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.authz.support.StepUpClient;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** Second factors that the configuration or a client requires. */
final class StepUpTest extends BrowserTest {

    private static final String PASSWORD = "correct horse";
    private StepUpClient client;

    @Override
    protected JsonObject configuration() {
        return new JsonObject().put("secondFactor", new JsonObject().put("requiredGroups", new JsonArray().add("admins")));
    }

    @Test
    void memberOfAGroupAddsAFactorAtTheNextLoginBeforeAnythingElse() {
        Waiting.on(server.running().database().write(statements -> statements.update(
            "INSERT INTO user_group (sub, source, group_name) VALUES ('usr_anna', 'local', 'admins')")));
        Browser browser = server.browser();
        Page form = login(browser, authorize());
        assertThat(form.document().selectFirst("form#enrolment")).as(form.body()).isNotNull();
        assertThat(server.rows("SELECT * FROM browser_session")).isEmpty();
        assertThat(browser.get(authorize()).isLogin()).as("no way around").isTrue();
        Authenticator app = Authenticator.of(form, server.clock());
        assertThat(browser.send(form, "code", "000000").status()).isEqualTo(422);
        assertThat(server.rows("SELECT * FROM totp_secret")).isEmpty();
        Page codes = browser.send(form, "code", app.code());
        assertThat(codes.document().select(".recovery code")).hasSize(10);
        Page consent = browser.get(codes.document().selectFirst("a.button").attr("href"));
        assertThat(approve(browser, consent).answer()).containsKey("code");
        Page account = browser.get("/account/factor");
        server.clock().advance(Duration.ofSeconds(30));
        assertThat(browser.send(account, "act", "remove", "current", PASSWORD).body()).contains("requires a second factor");
        assertThat(server.rows("SELECT * FROM totp_secret")).hasSize(1);
        Browser bobs = server.browser();
        assertThat(bobs.follow(logIn(bobs, bobs.get(authorize()), "bob", "battery staple")).isConsent()).as("not in the group").isTrue();
    }

    @Test
    void everyUserNeedsAFactorWhereTheConfigurationSaysSo() {
        server.restart(new JsonObject().put("secondFactor", new JsonObject().put("required", true)));
        assertThat(login(server.browser(), authorize()).document().selectFirst("form#enrolment")).isNotNull();
        Browser device = server.browser();
        Page account = device.get("/account");
        assertThat(device.follow(logIn(device, account, "anna", PASSWORD)).document().selectFirst("form#enrolment")).as("the account page too").isNotNull();
    }

    @Test
    void clientGetsTheMissingFactorAndTokensTellIt() {
        Browser browser = server.browser();
        JsonObject weak = tokens(browser, login(browser, request()));
        assertThat(claims(weak).getString("acr")).isEqualTo("1");
        Authenticator app = enrol(browser);
        server.clock().advance(Duration.ofSeconds(30));
        assertThat(browser.get(request("acr_values", "mfa", "prompt", "none")).answer()).containsEntry("error", "login_required");
        Page asked = browser.follow(browser.get(request("acr_values", "phr mfa")));
        assertThat(asked.document().selectFirst("form#factor")).as(asked.body()).isNotNull();
        String interaction = server.rows("SELECT onward FROM pending_login").get(0).text("onward");
        assertThat(browser.follow(browser.get(interaction)).document().selectFirst("form#factor")).as("no way around").isNotNull();
        JsonObject strong = tokens(browser, browser.follow(browser.send(asked, "code", app.code())));
        for (JsonObject told : List.of(claims(strong), idToken(strong))) {
            assertThat(told.getString("acr")).isEqualTo("mfa");
            assertThat(told.getJsonArray("amr")).containsExactly("pwd", "otp", "mfa");
            assertThat(told.getLong("auth_time")).as("the time of the password").isEqualTo(claims(weak).getLong("auth_time"));
        }
        assertThat(claims(weak).getString("acr")).as("the older grant").isEqualTo("1");
        JsonObject silent = tokens(browser, browser.follow(browser.get(request("acr_values", "mfa"))));
        assertThat(claims(silent).getString("acr")).as("the session has the factor now").isEqualTo("mfa");
        assertThat(claims(tokens(browser, browser.follow(browser.get(request("acr_values", "1"))))).getString("acr")).as("as asked").isEqualTo("1");
    }

    @Test
    void stepUpThatCannotBeMetFailsAtTheClient() {
        Browser browser = server.browser();
        Page answer = browser.follow(logIn(browser, browser.get(request("acr_values", "mfa")), "anna", PASSWORD));
        assertThat(answer.answer()).as(answer.body()).containsEntry("error", "unmet_authentication_requirements").containsEntry("state", "xyz");
        assertThat(server.codes()).isZero();
        assertThat(browser.get(request("acr_values", "gold silver")).answer()).containsEntry("error", "unmet_authentication_requirements");
        String essential = new JsonObject().put("id_token", new JsonObject().put("acr", new JsonObject().put("essential", true)
            .put("values", new JsonArray().add("mfa")))).encode();
        assertThat(browser.follow(browser.get(request("claims", essential))).answer()).containsEntry("error", "unmet_authentication_requirements");
        assertThat(browser.follow(browser.get(request("acr_values", "gold 1"))).isConsent()).as("one value is met").isTrue();
        enrol(browser);
        assertThat(browser.follow(browser.get(request("acr_values", "phr"))).answer()).as("an app is not phishing-resistant")
            .containsEntry("error", "unmet_authentication_requirements");
        assertThat(browser.follow(browser.get(request("acr_values", "mfa"))).document().selectFirst("form#factor")).isNotNull();
    }

    @Test
    void levelsAreOrdered() {
        assertThat(LoginLevel.of(List.of("pwd"))).isEqualTo(LoginLevel.ONE_FACTOR);
        assertThat(LoginLevel.of(List.of("pwd", "otp", "mfa")).satisfied(List.of("phr", "mfa", "1"))).contains("mfa");
        assertThat(LoginLevel.of(List.of("pop", "mfa")).satisfied(List.of("1", "phr"))).contains("1");
        assertThat(LoginLevel.of(List.of()).satisfied(List.of("mfa"))).isEmpty();
    }

    private Authenticator enrol(Browser browser) {
        Page form = browser.get("/account/factor");
        Authenticator app = Authenticator.of(form, server.clock());
        assertThat(browser.send(form, "code", app.code(), "current", PASSWORD).status()).isEqualTo(200);
        return app;
    }

    private String request(String... changes) {
        client = client == null ? new StepUpClient(server, "openid mcp:read") : client;
        return client.request(changes);
    }

    private JsonObject tokens(Browser browser, Page consent) {
        return client.redeem(approve(browser, consent).answer().get("code"));
    }

    private JsonObject claims(JsonObject tokens) {
        return client.introspect(tokens);
    }

    private static JsonObject idToken(JsonObject tokens) {
        return new JsonObject(new String(Base64.getUrlDecoder().decode(tokens.getString("id_token").split("\\.")[1]), StandardCharsets.UTF_8));
    }
}

package dev.gatehouse.authz.federation;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.provider.Kind;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The session at the provider is checked again at a refresh, and its end ends what a login has led to. */
final class UpstreamSessionTest extends ProviderTest {

    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private static final long RECHECK = 900;

    private Browser browser;

    /** Logs ada in and redeems the code. Returns the token response. */
    private JsonObject tokens() {
        if (server.rows("SELECT * FROM client WHERE client_id = 'refreshing'").isEmpty()) {
            server.running().add(new Client("refreshing", "Refreshing", List.of(), Set.of(ClientAuthMethod.NONE), List.of("http://127.0.0.1/callback"),
                Set.of("authorization_code", "refresh_token"), Scopes.of("mcp:read", "mcp:write"), List.of(), clock.millis()));
        }
        browser = server.browser();
        String request = authorize("client_id", "refreshing", "code_challenge", Approval.challengeOf(VERIFIER));
        String upstream = browser.send(browser.get(request), "provider", name()).location();
        Page consent = browser.follow(browser.get(provider.signIn(upstream, "ada")));
        String code = approve(browser, consent).answer().get("code");
        return server.running().post("/oauth/token", "grant_type", "authorization_code", "client_id", "refreshing", "code", code, "code_verifier",
            VERIFIER, "redirect_uri", FrontServer.CALLBACK).requireOk().json();
    }

    private Answer refresh(JsonObject tokens) {
        return server.running().post("/oauth/token", "grant_type", "refresh_token", "client_id", "refreshing", "refresh_token",
            tokens.getString("refresh_token"));
    }

    private void advance(long seconds) {
        clock.advance(Duration.ofSeconds(seconds));
        server.clock().advance(Duration.ofSeconds(seconds));
    }

    private void startWithCheck(Kind kind, Object... changes) {
        Object[] all = new Object[changes.length + 4];
        System.arraycopy(changes, 0, all, 4, changes.length);
        all[0] = "recheckSeconds";
        all[1] = RECHECK;
        all[2] = "label";
        all[3] = "The provider";
        start(kind, all);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void personWithoutAccessUpstreamGetsNoTokensAfterTheBound(Kind kind) {
        startWithCheck(kind);
        JsonObject tokens = tokens();
        provider.remove("ada");
        JsonObject early = refresh(tokens).requireOk().json();
        advance(RECHECK);
        Answer late = refresh(early);
        assertThat(late.status()).as(late.body()).isEqualTo(400);
        assertThat(late.json().getString("error")).isEqualTo("invalid_grant");
        assertThat(server.running().isActive(early.getString("access_token"))).isFalse();
        assertThat(server.rows("SELECT * FROM browser_session")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void personWithAccessKeepsItAndTheGroupsAreRefreshed(Kind kind) {
        startWithCheck(kind);
        JsonObject tokens = tokens();
        if (kind == Kind.GITHUB) {
            JsonObject person = person(kind, "ada", "ada@example.com");
            person.put("teams", new JsonArray());
            provider.add("ada", person);
        } else {
            provider.add("ada", person(kind, "ada", "ada@example.com").put("groups", new JsonArray().add("New")));
        }
        for (int i = 0; i < 3; i++) {
            advance(RECHECK);
            tokens = refresh(tokens).requireOk().json();
        }
        assertThat(groups()).isEqualTo(switch (kind) {
            case GITHUB -> List.of("analytical", "engine", "third");
            case GOOGLE -> List.of();
            case ENTRA, OKTA, KEYCLOAK -> List.of("New");
        });
    }

    @Test
    void personWhoLeavesTheAllowedGroupLosesTheGrant() {
        startWithCheck(Kind.OKTA, "allowed", new JsonObject().put("groups", new JsonArray().add("Engineers")));
        JsonObject tokens = tokens();
        provider.add("ada", person(Kind.OKTA, "ada", "ada@example.com").put("groups", new JsonArray().add("Everyone")));
        advance(RECHECK);
        assertThat(refresh(tokens).json().getString("error")).isEqualTo("invalid_grant");
    }

    @Test
    void outageOfTheProviderIsToleratedForTwiceTheTimeAndEndsNothing() {
        startWithCheck(Kind.OKTA);
        JsonObject tokens = tokens();
        provider.on(provider.tokenPath(), request -> request.response().setStatusCode(503).end());
        advance(RECHECK);
        JsonObject next = refresh(tokens).requireOk().json();
        advance(RECHECK);
        Answer refused = refresh(next);
        assertThat(refused.status()).as(refused.body()).isEqualTo(503);
        assertThat(server.rows("SELECT * FROM authorization_grant WHERE revoked_at IS NOT NULL")).isEmpty();
    }

    @Test
    void withoutACheckNoTokenOfTheProviderIsKept() {
        start(Kind.OKTA, "scopes", List.of("openid", "email", "offline_access"));
        tokens();
        assertThat(server.rows("SELECT sealed FROM upstream_session").get(0).bytes("sealed")).isNull();
    }

    @Test
    void tokensOfTheProviderReachNoClientAndNoStoreInTheClear() {
        startWithCheck(Kind.OKTA);
        JsonObject tokens = tokens();
        advance(RECHECK);
        JsonObject refreshed = refresh(tokens).requireOk().json();
        String introspected = server.running().post("/oauth/introspect", "token", refreshed.getString("access_token")).requireOk().body();
        assertThat(provider.issued()).hasSizeGreaterThan(5);
        String all = tokens.encode() + refreshed.encode() + introspected + browser.get("/account").body() + server.dump();
        provider.issued().forEach(secret -> assertThat(all).doesNotContain(secret));
        assertThat(all).doesNotContain("s3cret~");
    }

    @Test
    void tokensOfTheProviderReachNoLog() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger audit = (Logger) LoggerFactory.getLogger("audit");
        Level level = root.getLevel();
        Level auditLevel = audit.getLevel();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        root.setLevel(Level.DEBUG);
        audit.setLevel(Level.DEBUG);
        try {
            startWithCheck(Kind.OKTA);
            JsonObject tokens = tokens();
            advance(RECHECK);
            refresh(tokens).requireOk();
            provider.onClaims(claims -> claims.put("aud", "another-client"));
            logIn(server.browser());
        } finally {
            root.setLevel(level);
            audit.setLevel(auditLevel);
            root.detachAppender(log);
        }
        List<String> lines = List.copyOf(log.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertThat(lines).anyMatch(line -> line.contains("federated_login_failed"));
        provider.issued().forEach(secret -> assertThat(lines).noneMatch(line -> line.contains(secret)));
        assertThat(lines).noneMatch(line -> line.contains("s3cret~"));
    }

    @Test
    void logoutTokenEndsTheSessionItsGrantsAndTokensOnce() {
        start(Kind.OKTA);
        JsonObject tokens = tokens();
        String token = provider.logoutToken("ada", unchanged -> { });
        assertThat(server.running().isActive(tokens.getString("access_token"))).isTrue();
        Answer answer = logOut(token);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(server.running().isActive(tokens.getString("access_token"))).isFalse();
        assertThat(refresh(tokens).json().getString("error")).isEqualTo("invalid_grant");
        assertThat(browser.get("/account").isLogin()).isTrue();
        JsonObject later = tokens();
        assertThat(logOut(token).status()).as("a logout token counts once").isEqualTo(400);
        assertThat(server.running().isActive(later.getString("access_token"))).isTrue();
    }

    @Test
    void logoutTokenOfOneSessionLeavesOthersAlone() {
        start(Kind.OKTA);
        JsonObject tokens = tokens();
        assertThat(logOut(provider.logoutToken("ada", claims -> claims.put("sid", "another-session"))).status()).isEqualTo(200);
        assertThat(server.running().isActive(tokens.getString("access_token"))).isTrue();
        String own = provider.logoutToken("ada", claims -> claims.put("sid", "session-of-sub-of-ada").remove("sub"));
        assertThat(logOut(own).status()).isEqualTo(200);
        assertThat(server.running().isActive(tokens.getString("access_token"))).isFalse();
    }

    @Test
    void logoutTokenThatIsNotValidEndsNothing() {
        start(Kind.OKTA);
        JsonObject tokens = tokens();
        List<Consumer<JsonObject>> faults = List.of(
            claims -> claims.put("iss", "https://evil.example"),
            claims -> claims.put("aud", "another-client"),
            claims -> claims.put("exp", clock.millis() / 1000 - 100),
            claims -> claims.put("iat", clock.millis() / 1000 - 7_200),
            claims -> claims.remove("jti"),
            claims -> claims.remove("events"),
            claims -> claims.put("events", new JsonObject().put("other", new JsonObject())),
            claims -> claims.put("nonce", "n"),
            claims -> claims.remove("sub"));
        for (Consumer<JsonObject> fault : faults) {
            Answer answer = logOut(provider.logoutToken("ada", fault));
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        }
        provider.signWithForeignKey();
        assertThat(logOut(provider.logoutToken("ada", unchanged -> { })).status()).isEqualTo(400);
        assertThat(logOut("not-a-token").status()).isEqualTo(400);
        assertThat(server.running().isActive(tokens.getString("access_token"))).isTrue();
    }

    @Test
    void logoutIsPassedOnWithoutATokenInTheUrl() {
        start(Kind.OKTA);
        tokens();
        Page account = browser.get("/account");
        assertThat(account.header("Content-Security-Policy")).contains("form-action 'self' https:");
        Page page = browser.send(account, "act", "logout");
        assertThat(page.location()).startsWith(provider.issuer() + "/v1/logout?client_id=").contains("post_logout_redirect_uri=")
            .doesNotContain("id_token_hint");
        assertThat(server.rows("SELECT * FROM browser_session")).isEmpty();
    }

    @Test
    void logoutStaysHereIfTheProviderOffersNone() {
        start(Kind.GOOGLE);
        tokens();
        assertThat(browser.send(browser.get("/account"), "act", "logout").location()).isEqualTo("/account");
    }

    private Answer logOut(String token) {
        return server.running().post("/oauth/backchannel_logout/" + name(), "logout_token", token);
    }
}

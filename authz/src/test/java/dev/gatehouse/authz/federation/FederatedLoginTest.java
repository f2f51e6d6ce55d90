package dev.gatehouse.authz.federation;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.authz.support.Authenticator;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.provider.Kind;
import dev.gatehouse.fixtures.provider.LookAlike;
import dev.gatehouse.shared.sql.SqlRow;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;

/** A login at each of the well-known identity providers, with what its documentation describes. */
final class FederatedLoginTest extends ProviderTest {

    @ParameterizedTest
    @EnumSource(Kind.class)
    void personLogsInAndIsAskedForConsentBeforeACodeIsIssued(Kind kind) {
        start(kind);
        Browser browser = server.browser();
        Page consent = logIn(browser);
        assertThat(server.codes()).as("the consent page stays in front").isZero();
        assertThat(approve(browser, consent).answer()).containsKey("code");
        assertThat(lastRequest()).containsEntry("code_challenge_method", "S256").doesNotContainKey("resource");
        assertThat(server.rows("SELECT * FROM federated_login")).isEmpty();
        assertThat(server.rows("SELECT * FROM external_identity")).hasSize(1);
        // The second login finds the same account.
        logIn(server.browser());
        assertThat(server.rows("SELECT * FROM user_account WHERE password_hash = '$none' AND sub <> 'usr_alice'")).hasSize(1);
    }

    @Test
    void entraLeavesOutTheEmailAddressAndNamesTheTenant() {
        start(Kind.ENTRA, "allowed", new JsonObject().put("organizations", new JsonArray().add(Kind.TENANT)));
        logIn(server.browser());
        SqlRow account = account();
        assertThat(account.text("email")).as("the address is neither verified nor stable").isNull();
        assertThat(account.text("username")).startsWith("usr_");
        assertThat(groups()).containsExactly("g-1", "g-2");
        assertThat(server.rows("SELECT issuer FROM external_identity").get(0).text("issuer")).isEqualTo(provider.issuer());
    }

    @Test
    void secondFactorOfThisServerIsAskedAfterAProviderOnlyWhereTheConfigurationSaysSo() {
        start(Kind.GOOGLE);
        Browser browser = server.browser();
        logIn(browser);
        Page form = browser.get("/account/factor");
        Authenticator app = Authenticator.of(form, server.clock());
        assertThat(browser.send(form, "code", app.code()).status()).isEqualTo(200);
        assertThat(logIn(server.browser()).isConsent()).as("the provider has factors of its own").isTrue();
        server.restart(new JsonObject().put("identityProviders", new JsonArray().add(provider.entry()))
            .put("secondFactor", new JsonObject().put("afterProviders", true)));
        Browser other = server.browser();
        Page asked = logIn(other);
        assertThat(asked.document().selectFirst("form#factor")).as(asked.body()).isNotNull();
        assertThat(other.get(authorize()).isLogin()).as("no session yet").isTrue();
        assertThat(other.follow(other.send(asked, "code", app.codeIn(1))).isConsent()).isTrue();
        assertThat(server.rows("SELECT * FROM browser_session WHERE methods = 'otp mfa'")).hasSize(1);
    }

    @Test
    void entraDomainOwnersVerificationCountsAsVerified() {
        start(Kind.ENTRA);
        provider.add("ada", person(Kind.ENTRA, "ada", "Ada@Example.com").put("xms_edov", true));
        logIn(server.browser());
        assertThat(account().text("email")).isEqualTo("ada@example.com");
    }

    @Test
    void entraGroupsOverageIsReadFromGraphPageByPage() {
        start(Kind.ENTRA);
        JsonArray many = new JsonArray();
        for (int i = 0; i < 250; i++) {
            many.add("g-" + i);
        }
        provider.add("ada", person(Kind.ENTRA, "ada", "ada@example.com").put("groups", many));
        logIn(server.browser());
        assertThat(groups()).hasSize(250);
    }

    @Test
    void entraOfSeveralTenantsAcceptsTheIssuerOfEachAllowedTenantOnly() {
        provider = new LookAlike(Kind.ENTRA, clock);
        provider.add("ada", person(Kind.ENTRA, "ada", "ada@example.com"));
        provider.add("eve", person(Kind.ENTRA, "eve", "eve@example.com").put("tid", "99999999-2222-3333-4444-555555555555"));
        server = new FrontServer(new JsonObject().put("identityProviders", new JsonArray().add(provider.entry().put("tenant", "organizations")
            .put("issuer", provider.origin() + "/organizations/v2.0")
            .put("allowed", new JsonObject().put("organizations", new JsonArray().add(Kind.TENANT))))));
        assertThat(logIn(server.browser()).isConsent()).isTrue();
        Page refused = logIn(server.browser(), "eve");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).contains("You may not sign in here");
        assertThat(server.rows("SELECT * FROM external_identity")).hasSize(1);
        provider.onClaims(claims -> claims.put("iss", provider.origin() + "/99999999-2222-3333-4444-555555555555/v2.0"));
        assertThat(logIn(server.browser()).status()).as("the tenant of the issuer differs from tid").isEqualTo(502);
    }

    @Test
    void googleSendsTheHostedDomainAndTheClaimDecides() {
        start(Kind.GOOGLE, "allowed", new JsonObject().put("organizations", new JsonArray().add("example.com")));
        provider.add("eve", person(Kind.GOOGLE, "eve", "eve@example.com").put("hd", "other.example"));
        provider.add("private", new JsonObject().put("sub", "p").put("email", "p@gmail.com").put("email_verified", true));
        logIn(server.browser());
        assertThat(lastRequest()).containsEntry("hd", "example.com");
        SqlRow account = account();
        assertThat(account.text("username")).isEqualTo("ada@example.com");
        assertThat(logIn(server.browser(), "eve").body()).contains("You may not sign in here");
        assertThat(logIn(server.browser(), "private").body()).contains("You may not sign in here");
        assertThat(server.rows("SELECT * FROM external_identity")).hasSize(1);
    }

    @Test
    void gitHubIdentityIsTheNumberAndOrganizationsAndTeamsAreGroups() {
        start(Kind.GITHUB, "allowed", new JsonObject().put("organizations", new JsonArray().add("engine")));
        logIn(server.browser());
        assertThat(server.rows("SELECT subject FROM external_identity").get(0).text("subject")).isEqualTo("4711");
        assertThat(groups()).containsExactly("analytical", "engine", "engine/core", "third");
        assertThat(account().text("email")).as("the primary address, on the second page").isEqualTo("ada@example.com");
        assertThat(lastRequest()).doesNotContainKey("nonce").containsEntry("scope", "read:user user:email read:org");
    }

    @Test
    void oktaClaimsComeFromUserInfo() {
        start(Kind.OKTA, "allowed", new JsonObject().put("groups", new JsonArray().add("Engineers")));
        logIn(server.browser());
        assertThat(groups()).containsExactly("Engineers", "Everyone");
        assertThat(account().text("email")).isEqualTo("ada@example.com");
    }

    @Test
    void groupsAreReplacedAtEachLogin() {
        start(Kind.OKTA);
        logIn(server.browser());
        provider.add("ada", person(Kind.OKTA, "ada", "ada@example.com").put("groups", new JsonArray().add("Everyone")));
        logIn(server.browser());
        assertThat(groups()).containsExactly("Everyone");
    }

    @Test
    void loginSurvivesTheRotationOfTheProvidersKey() {
        start(Kind.OKTA);
        logIn(server.browser());
        provider.rotateKey();
        clock.advance(Duration.ofSeconds(2));
        server.clock().advance(Duration.ofSeconds(2));
        assertThat(logIn(server.browser()).isConsent()).isTrue();
    }

    @Test
    void smallDifferenceOfTheClocksIsTolerated() {
        start(Kind.OKTA);
        provider.onClaims(claims -> claims.put("iat", claims.getLong("iat") + 50).put("exp", claims.getLong("iat") - 20));
        assertThat(logIn(server.browser()).isConsent()).isTrue();
    }

    @Test
    void emailDomainSelectsTheProviderAndIsPassedOn() {
        start(Kind.OKTA, "domains", new JsonArray().add("Example.com"));
        Browser browser = server.browser();
        Page page = browser.get(authorize());
        assertThat(page.body()).contains("Work email address");
        String upstream = browser.send(page, "email", "Ada@EXAMPLE.com").location();
        assertThat(browser.follow(browser.get(provider.signIn(upstream, "ada"))).isConsent()).isTrue();
        assertThat(lastRequest()).containsEntry("login_hint", "Ada@EXAMPLE.com");
        Page unknown = browser.send(server.browser().get(authorize()), "email", "eve@other.example");
        assertThat(unknown.status()).isEqualTo(403);
        Browser other = server.browser();
        Page again = other.send(other.get(authorize()), "email", "eve@other.example");
        assertThat(again.status()).isEqualTo(422);
        assertThat(again.body()).contains("No sign-in service serves this address");
    }

    @Test
    void passwordsCanBeTurnedOff() {
        provider = new LookAlike(Kind.OKTA, clock);
        provider.add("ada", person(Kind.OKTA, "ada", "ada@example.com"));
        server = new FrontServer(new JsonObject().put("passwords", new JsonObject().put("enabled", false))
            .put("identityProviders", new JsonArray().add(provider.entry())));
        Browser browser = server.browser();
        Page page = browser.get(authorize());
        assertThat(page.isLogin()).isFalse();
        assertThat(page.body()).doesNotContain("password").contains("Continue with <bdi>Okta</bdi>");
        Page refused = browser.send(page, "username", "anna", "password", "correct horse");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("This server accepts no passwords");
        assertThat(server.rows("SELECT * FROM browser_session")).isEmpty();
        assertThat(logIn(server.browser()).isConsent()).isTrue();
    }

    @Test
    void severalProvidersHaveAButtonEach() {
        provider = new LookAlike(Kind.OKTA, clock);
        server = new FrontServer(new JsonObject().put("identityProviders", new JsonArray().add(provider.entry().put("label", "The <b>Company</b>"))
            .add(provider.entry().put("name", "second").put("preset", "keycloak"))));
        Page page = server.browser().get(authorize());
        assertThat(page.isLogin()).as("own login stays").isTrue();
        assertThat(page.body()).contains("The &lt;b&gt;Company&lt;/b&gt;", "Continue with <bdi>Keycloak</bdi>").doesNotContain("<b>Company");
        assertThat(page.header("Content-Security-Policy")).contains("form-action 'self' https:").doesNotContain("script-src");
    }

    @Test
    void freshLoginIsDemandedUpstreamAndChecked() {
        start(Kind.OKTA);
        Browser browser = server.browser();
        Page page = browser.get(authorize("prompt", "login"));
        String upstream = browser.send(page, "provider", name()).location();
        provider.onClaims(claims -> claims.put("auth_time", clock.millis() / 1000 - 3_600));
        Page stale = browser.follow(browser.get(provider.signIn(upstream, "ada")));
        assertFailure(stale, 403, "Okta did not sign you in");
        assertThat(lastRequest()).containsEntry("prompt", "login").containsEntry("max_age", "0");
        provider.onClaims(claims -> claims.put("auth_time", clock.millis() / 1000));
        String second = browser.send(browser.get(authorize("prompt", "login")), "provider", name()).location();
        assertThat(browser.follow(browser.get(provider.signIn(second, "ada"))).isConsent()).isTrue();
    }

    @Test
    void accountPageAndDevicePageOfferTheProviderToo() {
        start(Kind.OKTA);
        for (String path : List.of("/account", "/device?user_code=BCDF-GHJK")) {
            Browser browser = server.browser();
            Page page = browser.get(path);
            assertThat(page.header("Content-Security-Policy")).as(path).contains("form-action 'self' https:");
            String upstream = browser.send(page, "provider", name()).location();
            Page after = browser.follow(browser.get(provider.signIn(upstream, "ada")));
            assertThat(after.status()).as(path).isIn(200, 422);
            assertThat(after.isLogin()).as(path).isFalse();
        }
    }

    private SqlRow account() {
        return server.rows("SELECT user_account.username, user_account.email FROM user_account JOIN external_identity ON external_identity.sub = user_account.sub").get(0);
    }
}

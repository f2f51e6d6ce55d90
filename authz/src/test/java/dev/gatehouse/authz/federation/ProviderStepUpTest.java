package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.support.StepUpClient;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.provider.Kind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;


import static org.assertj.core.api.Assertions.assertThat;

/** The level of a login at a provider, and a step-up there. */
final class ProviderStepUpTest extends ProviderTest {

    private static final String STRONG = "urn:okta:loa:2fa:any";
    private static final JsonObject TRUST = new JsonObject().put("mfa", new JsonArray().add(STRONG).add("mfa")).put("phr", new JsonArray().add("phr"));

    private StepUpClient client;

    /** The provider asks for a second factor where the request demands one. */
    private void asksForFactors() {
        provider.onClaims(claims -> {
            boolean strong = lastRequest().getOrDefault("acr_values", "").contains(STRONG);
            claims.put("auth_time", clock.millis() / 1000 - 5).put("acr", strong ? STRONG : "urn:okta:loa:1fa:pwd")
                .put("amr", strong ? new JsonArray().add("pwd").add("otp").add("mfa") : new JsonArray().add("pwd"));
        });
    }

    private String request(String... changes) {
        client = client == null ? new StepUpClient(server, "mcp:read") : client;
        return client.request(changes);
    }

    private JsonObject claims(Browser browser, Page consent) {
        return client.introspect(client.redeem(approve(browser, consent).answer().get("code")));
    }

    @Test
    void providerDoesTheStepUpThatAClientAsksFor() {
        start(Kind.OKTA, "trustAuthentication", TRUST);
        asksForFactors();
        Browser browser = server.browser();
        logIn(browser);
        JsonObject weak = claims(browser, browser.get(request()));
        assertThat(weak.getString("acr")).isEqualTo("1");
        assertThat(weak.getJsonArray("amr")).containsExactly("pwd");
        assertThat(weak.getLong("auth_time")).as("the time of the login at the provider").isEqualTo(clock.millis() / 1000 - 5);
        Page redirect = browser.get(request("acr_values", "mfa"));
        assertThat(redirect.status()).as(redirect.body()).isEqualTo(303);
        Page consent = browser.follow(browser.get(provider.signIn(redirect.location(), "ada")));
        assertThat(lastRequest()).containsEntry("acr_values", STRONG + " mfa phr");
        JsonObject strong = claims(browser, consent);
        assertThat(strong.getString("acr")).isEqualTo("mfa");
        assertThat(strong.getJsonArray("amr")).containsExactly("pwd", "otp", "mfa");
        assertThat(claims(browser, browser.get(request("acr_values", "mfa"))).getString("acr")).as("the session has the level now").isEqualTo("mfa");
    }

    @Test
    void loginThatStaysWeakEndsAtAPageAndNotInALoop() {
        start(Kind.OKTA, "trustAuthentication", TRUST);
        provider.onClaims(claims -> claims.put("amr", new JsonArray().add("pwd").add("pop").add("hwk")));
        Browser browser = server.browser();
        logIn(browser);
        String url = request("acr_values", "phr");
        before = rows();
        Page weak = browser.follow(browser.get(provider.signIn(browser.get(url).location(), "ada")));
        assertFailure(weak, 403, "Okta did not check enough");
        assertThat(lastRequest()).containsEntry("acr_values", "phr");
        provider.onClaims(claims -> claims.put("acr", "phr"));
        assertThat(claims(browser, browser.follow(browser.get(provider.signIn(browser.get(url).location(), "ada")))).getString("acr")).isEqualTo("phr");
    }

    @Test
    void claimsOfAProviderThatIsNotTrustedWithThemCountForNothing() {
        start(Kind.OKTA);
        provider.onClaims(claims -> claims.put("acr", "phr").put("amr", new JsonArray().add("pop").add("mfa")));
        Browser browser = server.browser();
        logIn(browser);
        JsonObject claims = claims(browser, browser.get(request()));
        assertThat(claims.getString("acr")).isEqualTo("1");
        assertThat(claims.containsKey("amr")).isFalse();
        assertThat(browser.get(request("acr_values", "mfa")).answer()).containsEntry("error", "unmet_authentication_requirements");
    }

    @Test
    void secondFactorOfThisServerIsNotAskedAfterOneOfTheProvider() {
        start(Kind.OKTA, "trustAuthentication", TRUST);
        server.restart(new JsonObject().put("identityProviders", new JsonArray().add(provider.entry().put("trustAuthentication", TRUST)))
            .put("secondFactor", new JsonObject().put("required", true).put("afterProviders", true)));
        Page asked = logIn(server.browser());
        assertThat(asked.document().selectFirst("form#enrolment")).as(asked.body()).isNotNull();
        provider.onClaims(claims -> claims.put("amr", new JsonArray().add("mfa")));
        assertThat(logIn(server.browser()).isConsent()).isTrue();
    }
}

package dev.gatehouse.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Page;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A user's way to a token: login, consent, and the redirect to the client. */
public final class Journey {
    private final Browser browser;
    private final String username;
    private final String password;

    public Journey(Browser browser, String username, String password) {
        this.browser = browser;
        this.username = username;
        this.password = password;
    }

    /** A fresh browser in front of the demo user. */
    public static Journey demo(String issuer) {
        return new Journey(new Browser(issuer), "testuser", "testpass");
    }

    public Browser browser() {
        return browser;
    }

    /** Follows the request until it leaves the server. Logs in and consents if the server asks. */
    public URI allow(String authorizationUrl) {
        return decide(authorizationUrl, "allow|approve|authori[sz]e|agree");
    }

    /** Does the same as {@link #allow}, but grants only these scopes. */
    public URI allowOnly(String authorizationUrl, String... scopes) {
        Page page = login(authorizationUrl);
        List<Map.Entry<String, String>> fields = new ArrayList<>(page.form().fields());
        fields.removeIf(field -> field.getKey().equals("scope") && !List.of(scopes).contains(field.getValue()));
        Page answer = browser.submit(page, new Page.Form(page.form().action(), fields, page.form().element()),
            page.button("allow"));
        assertThat(answer.redirect()).as("the redirect to the client, instead of %s", answer.status()).isNotNull();
        return answer.redirect();
    }

    public URI deny(String authorizationUrl) {
        return decide(authorizationUrl, "deny|cancel|decline|refuse");
    }

    /** Login and consent for this client, up to the code. */
    public String code(OAuthClient client, Pkce pkce, String... changes) {
        Map<String, String> query = Http.query(allow(client.authorizationUrl(pkce, changes)));
        assertThat(query).as("the answer to the client").containsKey("code");
        return query.get("code");
    }

    /** The whole flow, up to the token response. */
    public Tokens tokens(OAuthClient client, String... changes) {
        Pkce pkce = Pkce.fresh();
        HttpResponse<String> response = client.redeem(code(client, pkce, changes), pkce);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Tokens.of(new JsonObject(response.body()));
    }

    /** Approves the request of a device at its complete verification URI. Returns whether the server accepted it. */
    public boolean approveDevice(String verificationUri) {
        Page page = login(verificationUri);
        if (page.redirect() != null) {
            page = browser.open(page.redirect().toString());
        }
        return browser.submit(page, page.button("allow|approve|authori[sz]e|agree|continue|connect")).status() == 200;
    }

    /** Logs in and returns the next page. */
    public Page login(String authorizationUrl) {
        Page page = browser.open(authorizationUrl);
        return page.redirect() == null && page.asksForPassword() ? browser.submit(page, credentials()) : page;
    }

    public Map<String, String> credentials() {
        return Map.of("username", username, "password", password);
    }

    private URI decide(String authorizationUrl, String button) {
        Page page = login(authorizationUrl);
        if (page.redirect() == null) {
            page = browser.submit(page, page.button(button));
        }
        assertThat(page.redirect()).as("the redirect to the client, instead of %s:\n%s", page.status(), page.body())
            .isNotNull();
        return page.redirect();
    }
}

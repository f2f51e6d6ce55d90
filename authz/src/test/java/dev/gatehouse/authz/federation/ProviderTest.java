package dev.gatehouse.authz.federation;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.authz.support.TestClock;
import dev.gatehouse.fixtures.provider.Kind;
import dev.gatehouse.fixtures.provider.LookAlike;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;

import java.util.List;
import java.util.Map;

/** A server with one identity provider, and the steps of a login there. */
abstract class ProviderTest {

    private static final List<String> STATE = List.of("user_account", "external_identity", "browser_session", "authorization_grant",
        "upstream_session", "user_group");

    protected final TestClock clock = new TestClock();
    protected LookAlike provider;
    protected FrontServer server;
    protected long before;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        if (provider != null) {
            provider.close();
        }
    }

    /** Starts a provider of a kind with the person ada, and a server that uses it. */
    protected void start(Kind kind, Object... changes) {
        provider = new LookAlike(kind, clock);
        provider.add("ada", person(kind, "ada", "ada@example.com"));
        JsonObject entry = provider.entry();
        for (int i = 0; i < changes.length; i += 2) {
            entry.put((String) changes[i], changes[i + 1]);
        }
        server = new FrontServer(new JsonObject().put("identityProviders", new JsonArray().add(entry)));
        before = rows();
    }

    static JsonObject person(Kind kind, String name, String email) {
        if (kind == Kind.GITHUB) {
            return new JsonObject().put("user", new JsonObject().put("id", 4711).put("login", name).put("name", "The " + name))
                .put("emails", new JsonArray().add(new JsonObject().put("email", "old@" + name + ".example").put("primary", false).put("verified", true))
                    .add(new JsonObject().put("email", "x@" + name + ".example").put("primary", false).put("verified", false))
                    .add(new JsonObject().put("email", email).put("primary", true).put("verified", true)))
                .put("orgs", new JsonArray().add(new JsonObject().put("login", "Analytical")).add(new JsonObject().put("login", "Engine"))
                    .add(new JsonObject().put("login", "Third")))
                .put("teams", new JsonArray().add(new JsonObject().put("slug", "core").put("organization", new JsonObject().put("login", "Engine"))));
        }
        JsonObject person = new JsonObject().put("sub", "sub-of-" + name).put("name", "The " + name).put("email", email);
        return switch (kind) {
            case ENTRA -> person.put("groups", new JsonArray().add("g-1").add("g-2")).put("preferred_username", email);
            case GOOGLE -> person.put("email_verified", true).put("hd", "example.com");
            case KEYCLOAK -> person.put("email_verified", true).put("preferred_username", name).put("groups", new JsonArray().add("/Everyone").add("/Engineers"));
            default -> person.put("email_verified", true).put("groups", new JsonArray().add("Everyone").add("Engineers"));
        };
    }

    protected String name() {
        return provider.entry().getString("name");
    }

    /** Opens the login page and chooses the provider. Returns the URL of the authorization request there. */
    protected String choose(Browser browser) {
        Page page = browser.get(authorize());
        assertThat(page.body()).contains("value=\"" + name() + "\"");
        Page redirect = browser.send(page, "provider", name());
        assertThat(redirect.status()).as(redirect.body()).isEqualTo(303);
        return redirect.location();
    }

    /** Logs ada in. Returns the page behind the callback. */
    protected Page logIn(Browser browser) {
        return logIn(browser, "ada");
    }

    protected Page logIn(Browser browser, String user) {
        return browser.follow(browser.get(provider.signIn(choose(browser), user)));
    }

    protected Page approve(Browser browser, Page consent) {
        assertThat(consent.isConsent()).as(consent.status() + consent.body()).isTrue();
        return browser.send(consent, "decision", "approve");
    }

    /** A page that explains the failure, behind which nothing has changed. */
    protected void assertFailure(Page page, int status, String title) {
        assertThat(page.status()).as(page.body()).isEqualTo(status);
        assertThat(page.body()).contains(title).contains("Request <code>");
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
        provider.issued().forEach(token -> assertThat(page.body()).doesNotContain(token));
        assertUnchanged();
    }

    protected void assertUnchanged() {
        assertThat(rows()).as("accounts, links, sessions and grants").isEqualTo(before);
    }

    protected long rows() {
        return STATE.stream().mapToLong(table -> server.rows("SELECT COUNT(*) AS n FROM " + table).get(0).number("n")).sum();
    }

    protected List<String> groups() {
        return server.rows("SELECT group_name FROM user_group WHERE source = '" + name() + "' ORDER BY group_name").stream()
            .map(row -> row.text("group_name")).toList();
    }

    protected Map<String, String> lastRequest() {
        return provider.authorizations().get(provider.authorizations().size() - 1);
    }
}

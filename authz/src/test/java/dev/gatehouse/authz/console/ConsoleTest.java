package dev.gatehouse.authz.console;

import dev.gatehouse.authz.admin.AdminClient;
import dev.gatehouse.authz.admin.Operation;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.user.RoleStore;
import dev.gatehouse.authz.user.RoleStore.Role;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The console: its sign-in, its pages by role, its changes, and attempts at both from elsewhere. */
class ConsoleTest {

    private static FrontServer server;
    private static Browser owner;
    private static Browser other;

    @BeforeAll
    static void start() {
        server = new FrontServer(new JsonObject());
        AdminClient.setRole(server.running(), "anna", Role.OWNER);
        owner = signedIn("anna", "correct horse");
        other = signedIn("anna", "correct horse");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Browser signedIn(String username, String password) {
        Browser browser = server.browser();
        Page login = browser.open("/admin");
        assertThat(login.isLogin()).as(login.body()).isTrue();
        Page console = browser.follow(browser.send(login, "username", username, "password", password));
        assertThat(console.body()).as(console.body()).contains("<h1>Overview</h1>");
        return browser;
    }

    /** A browser of bob with a role. */
    private static Browser bob(Role role) {
        AdminClient.setRole(server.running(), "bob", role);
        return signedIn("bob", "battery staple");
    }

    private static String csrf(Browser browser) {
        return browser.get("/admin").body().replaceAll("(?s).*name=\"csrf\" value=\"([^\"]*)\".*", "$1");
    }

    /** Posts a form of the console with the token of the browser. @param fields names and values in turn */
    private static Page act(Browser browser, String operation, String... fields) {
        return browser.post("/admin/act", form(csrf(browser), operation, fields), "Sec-Fetch-Site", "same-origin");
    }

    private static Map<String, String> form(String csrf, String operation, String... fields) {
        Map<String, String> form = new LinkedHashMap<>(Map.of("csrf", csrf, "operation", operation, "back", "/admin"));
        for (int i = 0; i < fields.length; i += 2) {
            form.put(fields[i], fields[i + 1]);
        }
        return form;
    }

    private static RunningServer running() {
        return server.running();
    }

    @Test
    void signInNeedsAFreshLoginAlthoughTheBrowserHasASession() {
        Browser browser = server.browser();
        Page login = browser.get("/account");
        browser.send(login, "username", "anna", "password", "correct horse");
        assertThat(browser.open("/admin").isLogin()).isTrue();
    }

    @Test
    void userWithoutARoleIsToldSoAndGetsNoSession() {
        AdminClient.setRole(running(), "bob", null);
        Browser browser = server.browser();
        Page refused = browser.follow(browser.send(browser.open("/admin"), "username", "bob", "password", "battery staple"));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).contains("You have no access to the console");
        assertThat(browser.open("/admin/users").isLogin()).isTrue();
    }

    @Test
    void eachPageIsShownWithoutScriptsUnderAStrictPolicy() {
        for (String page : ConsoleEndpoint.pages()) {
            Page shown = owner.get("/admin" + page + example(page));
            assertThat(shown.status()).as(page + shown.body()).isEqualTo(page.equals("/policy") || page.equals("/version") ? 404 : 200);
            assertThat(shown.header("Content-Security-Policy")).startsWith("default-src 'none'").doesNotContain("script", "unsafe");
            assertThat(shown.header("Cache-Control")).isEqualTo("no-store");
            assertThat(shown.body()).doesNotContain("<script", " style=", "onclick");
        }
    }

    private static String example(String page) {
        return switch (page) {
            case "/user" -> "?id=usr_anna";
            case "/client" -> "?id=confidential";
            case "/group" -> {
                act(owner, "createGroup", "body.name", "Shown");
                yield "?id=Shown";
            }
            case "/document" -> "?id=https%3A%2F%2Fnowhere.invalid%2Fclient.json";
            case "/grant" -> "?id=" + server.rows("SELECT grant_id FROM authorization_grant LIMIT 1").get(0).text("grant_id");
            case "/policy" -> "?id=none";
            case "/version" -> "?id=none&number=1";
            case "/search" -> "?q=anna";
            case "/audit" -> "?verify=yes&event=login_succeeded";
            default -> "";
        };
    }

    @Test
    void userIsNamedAndAnAbsentObjectIsToldInTheFrame() {
        Waiting.on(running().database().write(statements -> statements.update("UPDATE user_account SET name = 'Bob Builder' WHERE username = 'bob'")));
        assertThat(bob(Role.OPERATOR).get("/admin").body()).contains("Signed in as Bob Builder (bob), operator").doesNotContain("usr_bob");
        assertThat(owner.get("/admin").body()).contains("Signed in as anna, owner");
        Page absent = owner.get("/admin/user?id=usr_absent");
        assertThat(absent.status()).isEqualTo(404);
        assertThat(absent.document().select("nav[aria-label=Console] a")).isNotEmpty();
        assertThat(absent.document().selectFirst("[role=alert]").text()).isEqualTo("There is no such user.");
        Page denied = bob(Role.HELP_DESK).get("/admin/keys");
        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.document().selectFirst("[role=alert]").text()).contains("help-desk");
        assertThat(denied.document().select("nav[aria-label=Console]").text()).doesNotContain("Keys");
    }

    @Test
    void grantHasAPageWithItsHistoryAndEndsThere() {
        bob(Role.OPERATOR);
        Page grants = owner.get("/admin/grants?sub=usr_bob&state=live");
        Page grant = owner.get(grants.document().selectFirst("td[data-label=Since] a").attr("href"));
        assertThat(grant.document().select("dl.facts").text()).contains("User bob", "Client Gatehouse console", "Scopes admin:read admin:write");
        Eventually.holds("the event is in the trail", Duration.ofSeconds(20), () -> owner.get(grant.uri().toString()).document().select("td[data-label=Event]").eachText().contains("token_issued"));
        String id = Http.query(grant.uri()).get("id");
        assertThat(act(owner, "revokeGrant", "path.grant_id", id).status()).isEqualTo(303);
        assertThat(server.rows("SELECT revoked_at FROM authorization_grant WHERE grant_id = '" + id + "'").get(0).numberOrNull("revoked_at")).isNotNull();
        assertThat(owner.get(grant.uri().toString()).document().select("input[value=revokeGrant]")).as("an ended grant").isEmpty();
    }

    @Test
    void memberIsAddedByTheUsername() {
        act(owner, "createGroup", "body.name", "Named");
        assertThat(act(owner, "addMember", "path.name", "Named", "path.sub", "bob").status()).isEqualTo(303);
        assertThat(owner.get("/admin/group?id=Named").document().select("table").text()).contains("bob");
        assertThat(act(owner, "addMember", "path.name", "Named", "path.sub", "bo").status()).as("a part of a name").isEqualTo(404);
        assertThat(act(owner, "addMember", "path.name", "Named", "path.sub", "usr_anna").status()).as("the subject").isEqualTo(303);
    }

    @Test
    void memberIsFoundAmongManyWithSimilarNames() {
        act(owner, "createGroup", "body.name", "Similar");
        Waiting.on(server.running().database().write(statements -> statements.update("""
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 250)
            INSERT INTO user_account (sub, username, password_hash, disabled, created_at) SELECT 'usr_similar' || n, 'zza' || n || 'zzsimilar', '$none', 0, 1 FROM numbers
            """)));
        assertThat(act(owner, "addMember", "path.name", "Similar", "path.sub", "zzsimilar").status()).isEqualTo(404);
        AdminClient.addUser(server.running(), "zzsimilar");
        assertThat(act(owner, "addMember", "path.name", "Similar", "path.sub", "zzsimilar").status()).isEqualTo(303);
        assertThat(server.rows("SELECT sub FROM user_group WHERE group_name = 'Similar'")).singleElement().satisfies(row -> assertThat(row.text("sub")).isEqualTo("usr_zzsimilar"));
    }

    @Test
    void namesOfOthersAreTextAndNoMarkup() {
        assertThat(owner.get("/admin/client?id=confidential").body()).contains("The &lt;b&gt;confidential&lt;/b&gt; app").doesNotContain("<b>confidential");
    }

    @Test
    void changesAreMadeByForms() {
        Page created = owner.follow(act(owner, "createUser", "body.username", "formed", "body.email", "formed@example.com"));
        assertThat(created.body()).contains("The change was made.", "formed@example.com");
        String sub = Waiting.on(running().users().findByUsername("formed")).orElseThrow().sub();
        Page page = owner.get("/admin/user?id=" + sub);
        String tag = page.body().replaceAll("(?s).*name=\"tag\" value=\"&quot;([^\"]*)&quot;\".*", "\"$1\"");
        assertThat(act(owner, "changeUser", "path.sub", sub, "tag", tag, "body.name", "Formed", "back", "/admin/user?id=" + sub).status()).isEqualTo(303);
        Page conflict = act(owner, "changeUser", "path.sub", sub, "tag", tag, "body.name", "Twice", "back", "/admin/user?id=" + sub);
        assertThat(conflict.status()).isEqualTo(409);
        assertThat(conflict.body()).contains("Nothing was changed", "Formed").doesNotContain("Twice");
        Page invalid = act(owner, "createUser", "body.username", "a b", "back", "/admin/users");
        assertThat(invalid.status()).isEqualTo(422);
        assertThat(invalid.body()).contains("A username has 1 to 100 characters");
    }

    @Test
    void secretOfANewClientIsShownOnce() {
        Page created = act(signedIn("anna", "correct horse"), "createClient", "body.client_name", "Portal", "body.redirect_uris", "https://a.example/cb https://b.example/cb");
        assertThat(created.status()).as(created.body()).isEqualTo(200);
        String secret = created.body().replaceAll("(?s).*(ghs_[A-Za-z0-9_-]+).*", "$1");
        assertThat(secret).startsWith("ghs_");
        assertThat(owner.get("/admin/clients").body()).contains("Portal").doesNotContain(secret);
    }

    @Test
    void dangerousChangeNeedsARecentLogin() {
        String sub = AdminClient.addUser(running(), "endangered");
        Browser browser = signedIn("anna", "correct horse");
        running().clock().advance(Duration.ofMinutes(6));
        Page redirect = act(browser, "setRole", "path.sub", sub, "tag", "*", "body.role", "operator", "back", "/admin/user?id=" + sub);
        assertThat(redirect.status()).isEqualTo(303);
        Page login = browser.follow(redirect);
        assertThat(login.isLogin()).isTrue();
        assertThat(role(sub)).isEmpty();
        Page again = browser.follow(browser.send(login, "username", "anna", "password", "correct horse"));
        assertThat(again.body()).contains("Repeat the change within five minutes", "endangered");
        assertThat(act(browser, "setRole", "path.sub", sub, "tag", "*", "body.role", "operator").status()).isEqualTo(303);
        assertThat(role(sub)).contains(Role.OPERATOR);
    }

    private static Optional<Role> role(String sub) {
        return Waiting.on(new RoleStore(running().database()).of(sub));
    }

    @Test
    void signOutEndsTheTokenOfTheSession() {
        Browser browser = signedIn("anna", "correct horse");
        Browser copy = server.browser();
        copy.cookies().putAll(browser.cookies());
        assertThat(act(browser, "signOut").status()).isEqualTo(303);
        assertThat(browser.open("/admin").isLogin()).isTrue();
        assertThat(copy.open("/admin").isLogin()).isTrue();
    }

    @Test
    void roleThatIsTakenAwayEndsTheConsoleAtOnce() {
        Browser browser = bob(Role.OPERATOR);
        AdminClient.setRole(running(), "bob", null);
        assertThat(browser.get("/admin/users").status()).isEqualTo(403);
    }

    @Test
    void auditTrailIsExportedAsAFile() {
        Page export = owner.get("/admin/audit/export?event=login_succeeded");
        assertThat(export.status()).isEqualTo(200);
        assertThat(export.header("Content-Disposition")).contains("attachment");
        assertThat(export.body().lines()).allMatch(line -> line.contains("login_succeeded"));
    }

    /** Each change from a page of another site, without the token, with a token of another session, or without a session. */
    @ParameterizedTest
    @MethodSource("writes")
    void noChangeIsForged(Operation operation) {
        List<Map<String, Object>> before = state();
        Map<String, String> form = form(csrf(owner), operation.id(), "path.sub", "usr_bob", "path.client_id", "public", "path.name", "Shown", "path.kid", "k", "path.grant_id", "g",
            "path.session_id", "s", "path.url", "https://a.example/b", "path.change_id", "c", "path.identity_id", "i", "tag", "*", "body.disabled", "true", "body.role", "owner",
            "body.name", "Forged", "body.username", "forged", "body.client_name", "Forged", "body.decision", "blocked", "body.text", "{\"rules\":[]}");
        assertThat(owner.post("/admin/act", form, "Sec-Fetch-Site", "cross-site").status()).isEqualTo(403);
        assertThat(owner.post("/admin/act", form, "Origin", "https://evil.example").status()).isEqualTo(403);
        form.put("csrf", csrf(other));
        assertThat(owner.post("/admin/act", form, "Sec-Fetch-Site", "same-origin").status()).isEqualTo(403);
        form.remove("csrf");
        assertThat(owner.post("/admin/act", form, "Sec-Fetch-Site", "same-origin").status()).isEqualTo(403);
        assertThat(owner.get("/admin/act?" + FormParameters.encode(form)).body()).contains("<h1>Overview</h1>");
        Page stranger = server.browser().post("/admin/act", form, "Sec-Fetch-Site", "same-origin");
        assertThat(stranger.redirect().getPath()).isEqualTo("/oauth/authorize");
        assertThat(state()).isEqualTo(before);
    }

    private static List<Map<String, Object>> state() {
        return List.of(Map.of("users", count("user_account"), "roles", count("user_role"), "groups", count("directory_group"), "clients", count("client"), "keys", count("signing_key"),
            "grants", server.rows("SELECT COUNT(*) AS n FROM authorization_grant WHERE revoked_at IS NULL AND client_id <> 'gatehouse-console'").get(0).number("n"),
            "disabled", server.rows("SELECT COUNT(*) AS n FROM user_account WHERE disabled <> 0").get(0).number("n")));
    }

    private static long count(String table) {
        return server.rows("SELECT COUNT(*) AS n FROM " + table).get(0).number("n");
    }

    static Stream<Operation> writes() {
        return Stream.of(Operation.values()).filter(Operation::isWrite);
    }

    static Stream<Role> lesser() {
        return Stream.of(Role.AUDITOR, Role.HELP_DESK, Role.OPERATOR);
    }

    /** Each operation that a role lacks, tried by a form of the right session. */
    @ParameterizedTest
    @MethodSource("lesser")
    void formOfALesserRoleChangesNothing(Role role) {
        Browser browser = bob(role);
        List<Map<String, Object>> before = state();
        for (Operation operation : Operation.values()) {
            if (operation.isWrite() && !operation.isFor(role)) {
                Page refused = act(browser, operation.id(), "path.sub", "usr_anna", "path.client_id", "public", "path.name", "Shown", "path.kid", "k", "path.grant_id", "g",
                    "path.session_id", "s", "path.url", "https://a.example/b", "path.change_id", "c", "path.identity_id", "i", "tag", "*", body(operation), "x");
                assertThat(refused.status()).as(role + " " + operation).isIn(403, 400);
            }
        }
        assertThat(state()).isEqualTo(before);
        Page denied = act(browser, "changeUser", "path.sub", "usr_anna", "tag", "*", "body.name", "Taken");
        assertThat(denied.status()).isEqualTo(403);
        assertThat(Waiting.on(running().users().findBySub("usr_anna")).orElseThrow().name()).isNull();
    }

    private static String body(Operation operation) {
        return operation == Operation.SET_ROLE ? "body.role" : "ignored";
    }

    @Test
    void returnAddressOutsideOfTheConsoleIsIgnored() {
        for (String back : List.of("https://evil.example/", "//evil.example", "/account", "/admin\\@evil.example", "/adminevil", "javascript:alert(1)")) {
            Page done = act(owner, "createGroup", "body.name", "G" + back.hashCode(), "back", back);
            assertThat(done.redirect().toString()).as(back).isEqualTo(server.issuer() + "/admin?done=changed");
        }
    }

    @Test
    void responseOfALoginThatAnotherBrowserStartedIsRefused() {
        Browser attacker = server.browser();
        Page login = attacker.open("/admin");
        Page answer = attacker.send(login, "username", "anna", "password", "correct horse");
        while (answer.redirect() != null && !answer.redirect().getPath().equals("/admin/callback")) {
            answer = attacker.get(answer.redirect().toString());
        }
        Browser victim = server.browser();
        assertThat(victim.get(answer.redirect().toString()).status()).isEqualTo(403);
        assertThat(victim.open("/admin").isLogin()).isTrue();
    }
}

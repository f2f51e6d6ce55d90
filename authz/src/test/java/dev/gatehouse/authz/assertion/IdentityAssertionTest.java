package dev.gatehouse.authz.assertion;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.KeyBoundClient;
import dev.gatehouse.authz.support.OtherIssuer;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.support.TestClock;
import dev.gatehouse.authz.user.ExternalIdentityStore;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.Consumer;

/** Enterprise-managed authorization, receiving side: what an identity provider says of the people who use a client. */
class IdentityAssertionTest {

    private static final String GRANT = JwtBearerGrantTest.GRANT;
    private static final String AGENT = basic("agent", "s3cret-s3cret");
    private static OtherIssuer company;
    private static OtherIssuer directory;
    private static OtherIssuer strict;
    private static OtherIssuer platform;
    private static RunningServer server;

    @BeforeAll
    static void start() {
        company = new OtherIssuer("https://company.example", new TestClock());
        directory = new OtherIssuer("https://directory.example", new TestClock());
        strict = new OtherIssuer("https://strict.example", new TestClock());
        platform = new OtherIssuer("https://platform.example", new TestClock());
        server = RunningServer.start(new JsonObject().put("assertions", new JsonObject().put("trustedIssuers", new JsonArray()
            .add(company.trusted().put("accounts", "created"))
            .add(directory.trusted().put("accounts", "email").put("scopes", new JsonArray().add("mcp:read"))
                .put("resources", new JsonArray().add(RESOURCE)))
            .add(strict.trusted().put("accounts", "linked")
                .put("claims", new JsonObject().put("tenant", new JsonArray().add("acme").add("bolt"))))
            .add(platform.trusted()))));
        server.add(Clients.withGrants("agent", "s3cret-s3cret", GRANT, "refresh_token"));
        server.add(Clients.withGrants("other", "s3cret-s3cret", GRANT));
        server.add(Clients.publicClient("public"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void personGetsATokenAndTheSameAccountEachTime() {
        JsonObject tokens = present(jag(company, "u-1", claims -> { })).requireOk().json();
        assertThat(tokens.getString("token_type")).isEqualTo("Bearer");
        assertThat(tokens.getString("scope")).isEqualTo("mcp:read mcp:write");
        assertThat(tokens.containsKey("refresh_token")).isFalse();
        JsonObject first = introspect(tokens);
        assertThat(first.getString("sub")).startsWith("usr_");
        assertThat(first.getString("client_id")).isEqualTo("agent");
        assertThat(first.getString("aud")).isEqualTo(RESOURCE);
        assertThat(subject(jag(company, "u-1", claims -> { }))).isEqualTo(first.getString("sub"));
        assertThat(subject(jag(company, "u-2", claims -> { }))).isNotEqualTo(first.getString("sub"));
    }

    @Test
    void subjectsOfDifferentIssuersAndTenantsNeverMeet() {
        link(strict, "acme", "same", "alice");
        Waiting.on(server.users().add(new User("usr_carol", "carol", "$none", null, null, false, 0, null)));
        link(strict, "bolt", "same", "carol");
        assertThat(subject(jag(strict, "same", claims -> claims.put("tenant", "acme")))).isEqualTo(RunningServer.SUB);
        assertThat(subject(jag(strict, "same", claims -> claims.put("tenant", "bolt")))).isEqualTo("usr_carol");
        assertThat(subject(jag(company, "same", claims -> { }))).isNotIn(RunningServer.SUB, "usr_carol");
        refused(jag(strict, "same", claims -> { }));
        refused(jag(strict, "same", claims -> claims.put("tenant", "evil")));
        refused(jag(company, "same", claims -> claims.put("tenant", "acme")));
    }

    @Test
    void strangersAreRefusedWhereAccountsHaveToBeLinked() {
        String stranger = jag(strict, "stranger", claims -> claims.put("tenant", "acme").put("email", "alice@example.com")
            .put("email_verified", true));
        refused(stranger);
        Waiting.on(server.users().add(new User("usr_erin", "erin", "$none", null, null, false, 0, null)));
        link(strict, "acme", "stranger", "erin");
        assertThat(subject(stranger)).as("a refusal does not spend the assertion").isEqualTo("usr_erin");
    }

    @Test
    void verifiedAddressLinksTheOnlyAccountThatHasItOnce() {
        Waiting.on(server.users().add(new User("usr_dan", "dan", "$argon2id$", "dan@example.com", null, false, 0, null)));
        refused(jag(directory, "d-1", claims -> claims.put("email", "dan@example.com")));
        refused(jag(directory, "d-1", claims -> claims.put("email", "dan@example.com").put("email_verified", "true")));
        refused(jag(directory, "d-1", claims -> claims.put("email", "nobody@example.com").put("email_verified", true)));
        assertThat(subject(jag(directory, "d-1", verified("dan@example.com")))).isEqualTo("usr_dan");
        assertThat(subject(jag(directory, "d-1", claims -> { }))).as("linked from now on").isEqualTo("usr_dan");
        refused(jag(directory, "d-2", verified("dan@example.com")));
        for (String twin : List.of("twin-1", "twin-2")) {
            Waiting.on(server.users().add(new User("usr_" + twin, twin, "$argon2id$", "twins@example.com", null, false, 0, null)));
        }
        refused(jag(directory, "d-3", verified("twins@example.com")));
    }

    @Test
    void addressThatOneIssuerGaveAnAccountLinksNobodyOfAnother() {
        String planted = subject(jag(company, "planter", verified("gus@example.com")));
        refused(jag(directory, "g-1", verified("gus@example.com")));
        Waiting.on(server.users().add(new User("usr_gus", "gus", "$argon2id$", "gus@example.com", null, false, 0, null)));
        assertThat(subject(jag(directory, "g-1", verified("gus@example.com")))).isEqualTo("usr_gus").isNotEqualTo(planted);
    }

    @Test
    void disabledAccountIsRefused() {
        String sub = subject(jag(company, "leaver", claims -> { }));
        Waiting.on(server.users().setDisabled(sub, true, server.clock().millis()));
        refused(jag(company, "leaver", claims -> { }));
        Waiting.on(server.users().setDisabled(sub, false, server.clock().millis()));
        present(jag(company, "leaver", claims -> { })).requireOk();
    }

    @Test
    void claimsThatAreNotAsTheyMustBeAreRefused() {
        present(jag(company, "u-3", claims -> { })).requireOk();
        present(jag(company, "u-3", claims -> claims.put("aud", new JsonArray().add(server.issuer())))).requireOk();
        refusedWith(claims -> claims.put("aud", new JsonArray().add(server.issuer()).add("https://elsewhere.example")));
        refusedWith(claims -> claims.put("aud", new JsonArray().add(server.issuer()).add(server.issuer())));
        refusedWith(claims -> claims.put("aud", new JsonArray()));
        refusedWith(claims -> claims.put("aud", server.issuer() + "/oauth/token"));
        refusedWith(claims -> claims.put("aud", server.issuer() + "/"));
        refusedWith(claims -> claims.remove("aud"));
        refusedWith(claims -> claims.put("iss", "https://elsewhere.example"));
        refusedWith(claims -> claims.put("iss", server.issuer()));
        refusedWith(claims -> claims.put("client_id", "other"));
        refusedWith(claims -> claims.remove("client_id"));
        refusedWith(claims -> claims.remove("sub"));
        refusedWith(claims -> claims.remove("jti"));
        refusedWith(claims -> claims.remove("iat"));
        refusedWith(claims -> claims.remove("exp"));
        refusedWith(claims -> claims.put("exp", now() - 60));
        refusedWith(claims -> claims.put("exp", now() + 7200));
        refusedWith(claims -> claims.put("authorization_details", new JsonArray()));
        refusedWith(claims -> claims.put("scope", 7));
        long now = now();
        String twice = "\"iss\":\"https://company.example\",\"sub\":\"u-3\",\"client_id\":\"agent\",\"iat\":" + now + ",\"exp\":"
            + (now + 60) + ",\"jti\":\"twice\",\"aud\":\"" + server.issuer() + "\"";
        JsonObject header = new JsonObject().put("typ", OtherIssuer.ID_JAG);
        refused(company.sign(header, "{\"aud\":\"https://elsewhere.example\"," + twice + "}"));
        refused(company.sign(header, "{\"aud\":\"" + server.issuer() + "\"," + twice + "}"));
        present(company.sign(header, "{" + twice + "}")).requireOk();
    }

    @Test
    void typeDecidesAndAPlainJwtIsNoIdentityAssertion() {
        refused(company.workload(server.issuer(), "u-4", claims -> claims.put("client_id", "agent")));
        refused(jag(platform, "u-4", claims -> { }));
        String claims = new JsonObject().put("iss", company.name()).put("sub", "u-4").put("client_id", "agent").put("iat", now())
            .put("exp", now() + 60).put("jti", "typed").put("aud", server.issuer()).encode();
        refused(company.sign(new JsonObject().put("typ", "at+jwt"), claims));
        refused(company.sign(new JsonObject().put("typ", "id-jag+jwt"), claims));
        present(company.sign(new JsonObject().put("typ", "application/OAuth-ID-JAG+JWT"), claims)).requireOk();
    }

    @Test
    void itIsNoClientAssertion() {
        String jag = jag(company, "u-5", claims -> { });
        server.post("/oauth/token", "grant_type", GRANT, "assertion", jag, "client_assertion", jag,
            "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer").requireError(401, "invalid_client");
        present(jag).requireOk();
    }

    @Test
    void publicClientAndOtherClientAreRefused() {
        String jag = company.idJag(server.issuer(), "u-6", "public", claims -> { });
        server.post("/oauth/token", "grant_type", GRANT, "client_id", "public", "assertion", jag).requireError(400, "unauthorized_client");
        String agents = jag(company, "u-6", claims -> { });
        server.postAs(basic("other", "s3cret-s3cret"), "/oauth/token", "grant_type", GRANT, "assertion", agents)
            .requireError(400, "invalid_grant");
        present(agents).requireOk();
    }

    @Test
    void ofManyAtOnceOneIsAnsweredAndOneAccountMade() {
        long tokens = count("access_token");
        long users = count("user_account");
        List<Answer> answers = server.postAtOnce(50, AGENT, "/oauth/token", "grant_type", GRANT, "assertion",
            jag(company, "crowd", claims -> { }));
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        assertThat(answers.stream().filter(answer -> answer.status() != 200)).hasSize(49)
            .allSatisfy(answer -> answer.requireError(400, "invalid_grant"));
        assertThat(count("access_token")).isEqualTo(tokens + 1);
        assertThat(count("user_account")).isEqualTo(users + 1);
    }

    @Test
    void scopeAndResourceOfTheAssertionLimitTheToken() {
        assertThat(present(jag(company, "u-7", claims -> claims.put("scope", "mcp:read unknown"))).requireOk().json()
            .getString("scope")).isEqualTo("mcp:read");
        String narrow = jag(company, "u-7", claims -> claims.put("scope", "mcp:read").put("resource", RESOURCE));
        present(narrow, "scope", "mcp:write").requireError(400, "invalid_scope");
        present(narrow, "resource", "http://localhost:8001/other").requireError(400, "invalid_target");
        present(narrow, "scope", "mcp:read", "resource", RESOURCE).requireOk();
        assertThat(introspect(present(jag(company, "u-7", claims -> claims.put("resource", RESOURCE + "/"))).requireOk().json()).getString("aud"))
            .as("by the name that the resource itself goes by").isEqualTo(RESOURCE);
        present(jag(company, "u-7", claims -> claims.put("scope", ""))).requireError(400, "invalid_scope");
        present(jag(company, "u-7", claims -> claims.put("scope", "elsewhere"))).requireError(400, "invalid_scope");
        present(jag(company, "u-7", claims -> claims.put("resource", "https://elsewhere.example"))).requireError(400, "invalid_target");
        present(jag(company, "u-7", claims -> claims.put("resource", "no uri"))).requireError(400, "invalid_target");
        JsonObject both = present(jag(company, "u-7", claims -> claims.put("resource",
            new JsonArray().add("https://elsewhere.example").add("http://localhost:8001/other")))).requireOk().json();
        assertThat(introspect(both).getString("aud")).isEqualTo("http://localhost:8001/other");
    }

    @Test
    void configurationLimitsTheTokenToo() {
        Waiting.on(server.users().add(new User("usr_fay", "fay", "$argon2id$", "fay@example.com", null, false, 0, null)));
        assertThat(present(jag(directory, "f-1", verified("fay@example.com"))).requireOk().json().getString("scope")).isEqualTo("mcp:read");
        assertThat(present(jag(directory, "f-1", claims -> claims.put("scope", "mcp:write"))).requireOk().json().getString("scope"))
            .as("what mcp:write implies").isEqualTo("mcp:read");
        present(jag(directory, "f-1", claims -> { }), "scope", "mcp:write").requireError(400, "invalid_scope");
        present(jag(directory, "f-1", claims -> claims.put("resource", "http://localhost:8001/other"))).requireError(400, "invalid_target");
        present(jag(directory, "f-1", claims -> { }), "resource", "http://localhost:8001/other").requireError(400, "invalid_target");
    }

    @Test
    void policyOfTheClientLimitsTheTokenToo() {
        server.add(Clients.withGrants("kept-short", "s3cret-s3cret", GRANT).withPolicy(ClientPolicy.of(new JsonObject()
            .put("accessTokenSeconds", 60).put("resources", new JsonArray().add("http://localhost:8001/other")))));
        String authorization = basic("kept-short", "s3cret-s3cret");
        Consumer<JsonObject> there = claims -> claims.put("resource", "http://localhost:8001/other");
        JsonObject tokens = server.postAs(authorization, "/oauth/token", "grant_type", GRANT, "assertion",
            company.idJag(server.issuer(), "u-9", "kept-short", there)).requireOk().json();
        assertThat(tokens.getInteger("expires_in")).isEqualTo(60);
        server.postAs(authorization, "/oauth/token", "grant_type", GRANT, "assertion",
            company.idJag(server.issuer(), "u-9", "kept-short", claims -> claims.put("resource", RESOURCE))).requireError(400, "invalid_target");
    }

    @Test
    void boundAssertionNeedsTheProofThatItNames() {
        KeyBoundClient key = new KeyBoundClient(server);
        KeyBoundClient stranger = new KeyBoundClient(server);
        Consumer<JsonObject> bound = claims -> claims.put("cnf", new JsonObject().put("jkt", key.thumbprint()));
        String jag = jag(company, "u-8", bound);
        refused(jag);
        stranger.post(List.of(stranger.proof()), AGENT, "grant_type", GRANT, "assertion", jag).requireError(400, "invalid_grant");
        JsonObject tokens = key.post(List.of(key.proof()), AGENT, "grant_type", GRANT, "assertion", jag).requireOk().json();
        assertThat(tokens.getString("token_type")).isEqualTo("DPoP");
        assertThat(introspect(tokens).getJsonObject("cnf").getString("jkt")).isEqualTo(key.thumbprint());
        for (Object wrong : List.of("text", new JsonObject(), new JsonObject().put("jwk", new JsonObject()),
            new JsonObject().put("jkt", key.thumbprint()).put("x5t#S256", "abc"))) {
            key.post(List.of(key.proof()), AGENT, "grant_type", GRANT, "assertion", jag(company, "u-8", claims -> claims.put("cnf", wrong)))
                .requireError(400, "invalid_grant");
        }
    }

    private static Consumer<JsonObject> verified(String email) {
        return claims -> claims.put("email", email).put("email_verified", true);
    }

    private static String jag(OtherIssuer issuer, String subject, Consumer<JsonObject> changes) {
        return issuer.idJag(server.issuer(), subject, "agent", changes);
    }

    private static void link(OtherIssuer issuer, String tenant, String subject, String username) {
        assertThat(Waiting.on(new ExternalIdentityStore(server.database())
            .link(new ExternalIdentity(issuer.name(), tenant, subject), username, 0))).isTrue();
    }

    private static long now() {
        return server.clock().millis() / 1000;
    }

    private static Answer present(String assertion, String... more) {
        String[] form = new String[4 + more.length];
        System.arraycopy(new String[] {"grant_type", GRANT, "assertion", assertion}, 0, form, 0, 4);
        System.arraycopy(more, 0, form, 4, more.length);
        return server.postAs(AGENT, "/oauth/token", form);
    }

    private static JsonObject introspect(JsonObject tokens) {
        return server.post("/oauth/introspect", "token", tokens.getString("access_token")).requireOk().json();
    }

    private static String subject(String assertion) {
        return introspect(present(assertion).requireOk().json()).getString("sub");
    }

    private static void refusedWith(Consumer<JsonObject> changes) {
        refused(jag(company, "u-3", changes));
    }

    private static void refused(String assertion) {
        String before = state();
        present(assertion).requireError(400, "invalid_grant");
        assertThat(state()).isEqualTo(before);
    }

    private static String state() {
        return count("access_token") + " " + count("authorization_grant") + " " + count("user_account") + " "
            + count("external_identity") + " " + count("used_identifier");
    }

    private static long count(String table) {
        return Waiting.on(server.database().read("SELECT COUNT(*) AS number FROM " + table)).get(0).number("number");
    }
}

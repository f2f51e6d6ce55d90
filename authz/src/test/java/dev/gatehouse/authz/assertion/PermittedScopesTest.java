package dev.gatehouse.authz.assertion;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static dev.gatehouse.authz.support.RunningServer.SUB;
import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.OtherIssuer;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.support.TestClock;
import dev.gatehouse.authz.user.ExternalIdentityStore;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.authz.user.GroupStore;
import dev.gatehouse.authz.user.GroupStore.Change;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.jose.UnverifiedJwt;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

/** Tokens for assertions and in exchange for other tokens have only scopes that the groups of the person allow. */
class PermittedScopesTest {

    private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String TYPE = "urn:ietf:params:oauth:token-type:";
    private static final String AGENT = basic("agent", "s3cret-s3cret");
    private static final String GUARDED = basic("guarded", "s3cret-s3cret");
    private static final String CHAT = "https://chat.example/";
    private OtherIssuer company;
    private RunningServer server;
    private GroupStore groups;

    @BeforeEach
    void start() {
        company = new OtherIssuer("https://company.example", new TestClock());
        JsonObject audience = new JsonObject().put("issuer", CHAT).put("clients", new JsonObject().put("agent", "agent").put("guarded", "guarded"))
            .put("scopes", new JsonArray().add("chat.read").add("chat.write"));
        server = RunningServer.start(new JsonObject()
            .put("groupScopes", new JsonArray().add(entry("Editors", "mcp:write")).add(entry("Editors", "chat.write"))
                .add(entry("Readers", "mcp:read").put("clients", new JsonArray().add("guarded")))
                .add(entry("Readers", "chat.read").put("clients", new JsonArray().add("guarded")).put("resources", new JsonArray().add("https://api.chat.example"))))
            .put("assertions", new JsonObject().put("trustedIssuers", new JsonArray().add(company.trusted().put("accounts", "created")))
                .put("audiences", new JsonArray().add(audience))));
        for (String id : List.of("agent", "guarded")) {
            server.add(Clients.withGrants(id, "s3cret-s3cret", EXCHANGE, JwtBearerGrantTest.GRANT, "authorization_code", "refresh_token"));
        }
        groups = new GroupStore(server.database());
        for (String name : List.of("Editors", "Readers")) {
            assertThat(Waiting.on(groups.create(name, 1))).isTrue();
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static JsonObject entry(String group, String scope) {
        return new JsonObject().put("groups", new JsonArray().add(group)).put("scopes", new JsonArray().add(scope));
    }

    private void setMember(String group, boolean member) {
        assertThat(Waiting.on(groups.setMember(group, "alice", member, 1))).isEqualTo(Change.DONE);
    }

    private Answer present(String client, String subject) {
        return server.postAs(basic(client, "s3cret-s3cret"), "/oauth/token", "grant_type", JwtBearerGrantTest.GRANT, "assertion",
            company.idJag(server.issuer(), subject, client, claims -> { }));
    }

    private JsonObject logIn(String client, String scopes) {
        Approval approval = server.approve(client, scopes, List.of(RESOURCE));
        return server.postAs(basic(client, "s3cret-s3cret"), "/oauth/token", "grant_type", "authorization_code", "code", approval.code(),
            "code_verifier", approval.verifier()).requireOk().json();
    }

    private Answer exchange(String authorization, String type, String token, String... more) {
        String[] form = new String[6 + more.length];
        System.arraycopy(new String[] {"grant_type", EXCHANGE, "subject_token_type", TYPE + type, "subject_token", token}, 0, form, 0, 6);
        System.arraycopy(more, 0, form, 6, more.length);
        return server.postAs(authorization, "/oauth/token", form);
    }

    private Answer assertionForChat(String authorization, String refreshToken, String... more) {
        String[] form = new String[4 + more.length];
        System.arraycopy(new String[] {"requested_token_type", TYPE + "id-jag", "audience", CHAT}, 0, form, 0, 4);
        System.arraycopy(more, 0, form, 4, more.length);
        return exchange(authorization, "refresh_token", refreshToken, form);
    }

    @Test
    void assertionYieldsOnlyWhatThePersonCanHave() {
        assertThat(Waiting.on(new ExternalIdentityStore(server.database()).link(new ExternalIdentity(company.name(), "", "u-1"), "alice", 0))).isTrue();
        assertThat(present("agent", "u-1").requireOk().json().getString("scope")).isEqualTo("mcp:read");
        setMember("Editors", true);
        assertThat(present("agent", "u-1").requireOk().json().getString("scope")).isEqualTo("mcp:read mcp:write");
        setMember("Editors", false);
        assertThat(present("agent", "u-1").requireOk().json().getString("scope")).isEqualTo("mcp:read");
    }

    @Test
    void assertionOfAPersonWhoCanHaveNothingCreatesNothing() {
        int before = Waiting.on(server.database().read("SELECT * FROM user_account")).size();
        present("guarded", "newcomer").requireError(400, "invalid_scope");
        assertThat(Waiting.on(server.database().read("SELECT * FROM user_account"))).hasSize(before);
        assertThat(Waiting.on(server.database().read("SELECT * FROM authorization_grant"))).isEmpty();
        present("agent", "newcomer").requireOk();
        assertThat(Waiting.on(server.database().read("SELECT * FROM user_account"))).hasSize(before + 1);
    }

    @Test
    void exchangedTokenHasNoScopeThatThePersonHasLost() {
        setMember("Editors", true);
        String subject = logIn("agent", "mcp:read mcp:write").getString("access_token");
        assertThat(exchange(AGENT, "access_token", subject).requireOk().json().getString("scope")).isEqualTo("mcp:read mcp:write");
        setMember("Editors", false);
        JsonObject exchanged = exchange(AGENT, "access_token", subject).requireOk().json();
        assertThat(exchanged.getString("scope")).isEqualTo("mcp:read");
        JsonObject known = server.post("/oauth/introspect", "token", exchanged.getString("access_token")).requireOk().json();
        assertThat(known.getString("scope")).isEqualTo("mcp:read");
        assertThat(known.getString("sub")).isEqualTo(SUB);
    }

    @Test
    void identityAssertionForAnotherServerHasOnlyWhatThePersonCanHave() {
        String refresh = logIn("agent", "openid mcp:read").getString("refresh_token");
        assertThat(scopeForChat(assertionForChat(AGENT, refresh))).isEqualTo("chat.read");
        assertionForChat(AGENT, refresh, "scope", "chat.write").requireError(400, "invalid_scope");
        setMember("Editors", true);
        assertThat(scopeForChat(assertionForChat(AGENT, refresh))).isEqualTo("chat.read chat.write");
    }

    @Test
    void identityAssertionWithoutAResourceNeedsTheGroupsOfAllResources() {
        setMember("Readers", true);
        String refresh = logIn("guarded", "openid mcp:read").getString("refresh_token");
        assertThat(scopeForChat(assertionForChat(GUARDED, refresh))).isEqualTo("chat.read");
        setMember("Readers", false);
        assertionForChat(GUARDED, refresh).requireError(400, "invalid_scope");
        assertionForChat(GUARDED, refresh, "resource", "https://api.chat.example").requireError(400, "invalid_scope");
        assertThat(scopeForChat(assertionForChat(GUARDED, refresh, "resource", "https://other.chat.example"))).isEqualTo("chat.read");
    }

    private static String scopeForChat(Answer answer) {
        return UnverifiedJwt.parse(answer.requireOk().json().getString("access_token")).claims().getString("scope");
    }
}

package dev.gatehouse.authz.scim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.user.UserGroupStore;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Postgres;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Access ends on two servers over one store after one of them has received the change. */
class EndOfAccessTest {

    /** The published bound for the other servers on a store. */
    private static final Duration BOUND = Duration.ofSeconds(1);

    private RunningServer first;
    private RunningServer second;
    private ScimClient scim;

    private void onTwoNodes(String engine, Runnable body) {
        JsonObject changes = new JsonObject().put("issuer", "http://localhost:9000")
            .put("groupScopes", new JsonArray().add(new JsonObject().put("groups", new JsonArray().add("Editors")).put("scopes", new JsonArray().add("mcp:write"))))
            .put("claims", new JsonArray().add(claim("groups")).add(claim("teams").put("source", "github")));
        if (engine.equals("postgresql")) {
            Assumptions.assumeTrue(Postgres.isAvailable(), "No PostgreSQL here: install it, or name the directory of its programs in GATEHOUSE_POSTGRES");
            changes.put("store", new JsonObject().put("url", Postgres.shared().createDatabase()));
        }
        Path directory = RunningServer.temporaryDirectory();
        first = RunningServer.start(directory, changes.copy(), 1);
        try {
            second = RunningServer.start(directory, changes.copy(), 1);
            first.add(Clients.publicClient("app"));
            scim = ScimClient.register(first, "directory");
            body.run();
        } finally {
            first.close();
            if (second != null) {
                second.close();
            }
        }
    }

    private static JsonObject claim(String name) {
        return new JsonObject().put("name", name).put("value", "groups").put("in", new JsonArray().add("introspection"));
    }

    private static JsonArray introspect(RunningServer node, JsonObject tokens, String claim) {
        return node.post("/oauth/introspect", "token", tokens.getString("access_token")).requireOk().json().getJsonArray(claim);
    }

    private static JsonObject refresh(RunningServer node, JsonObject tokens) {
        return node.post("/oauth/token", "grant_type", "refresh_token", "refresh_token", tokens.getString("refresh_token"), "client_id", "app")
            .requireOk().json();
    }

    private JsonObject logIn() {
        Approval approval = first.approve("app");
        return first.post("/oauth/token", "grant_type", "authorization_code", "client_id", "app", "code", approval.code(), "code_verifier", approval.verifier())
            .requireOk().json();
    }

    private void assertAccess(JsonObject tokens) {
        assertThat(first.isActive(tokens.getString("access_token"))).isTrue();
        assertThat(second.isActive(tokens.getString("access_token"))).isTrue();
    }

    private void assertEnded(JsonObject tokens) {
        String access = tokens.getString("access_token");
        assertThat(first.isActive(access)).as("at once on the server that was told").isFalse();
        Eventually.holds("the other server knows", BOUND, () -> !second.isActive(access));
        for (RunningServer node : new RunningServer[] {first, second}) {
            node.post("/oauth/token", "grant_type", "refresh_token", "refresh_token", tokens.getString("refresh_token"), "client_id", "app")
                .requireError(400, "invalid_grant");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void deactivationEndsTokensAndSessionsOnBothServers(String engine) {
        onTwoNodes(engine, () -> {
            JsonObject before = logIn();
            Waiting.on(first.database().write(statements -> statements.update("INSERT INTO browser_session (session_hash, sub, authenticated_at, seen_at, expires_at)"
                + " VALUES ('h', $1, 1, 1, $2)", RunningServer.SUB, Long.MAX_VALUE)));
            assertAccess(before);
            assertThat(scim.patch("/Users/" + RunningServer.SUB, "{'op': 'replace', 'path': 'title', 'value': 'Engineer'}").status()).isEqualTo(200);
            assertAccess(before);
            scim.patch("/Users/" + RunningServer.SUB, "{'op': 'Replace', 'path': 'active', 'value': 'False'}").requireOk();
            assertEnded(before);
            assertThat(Waiting.on(first.database().read("SELECT * FROM browser_session"))).isEmpty();
            scim.at(second).patch("/Users/" + RunningServer.SUB, "{'op': 'Replace', 'path': 'active', 'value': 'True'}").requireOk();
            assertEnded(before);
            JsonObject after = logIn();
            assertAccess(after);
            scim.at(second).patch("/Users/" + RunningServer.SUB, "{'op': 'replace', 'value': {'active': false}}").requireOk();
            Eventually.holds("the other server knows", BOUND, () -> !first.isActive(after.getString("access_token")));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void deletionEndsTokensOnBothServersAndTheIdentifierIsNotUsedAgain(String engine) {
        onTwoNodes(engine, () -> {
            JsonObject before = logIn();
            assertAccess(before);
            Answer deleted = scim.send("DELETE", "/Users/" + RunningServer.SUB, null);
            assertThat(deleted.status()).as(deleted.body()).isEqualTo(204);
            assertEnded(before);
            assertThat(scim.createUser("alice", "alice").getString("id")).isNotEqualTo(RunningServer.SUB);
            assertThat(second.isActive(before.getString("access_token"))).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void removalFromAGroupEndsItsScopeWithTheNextRefreshOnBothServers(String engine) {
        onTwoNodes(engine, () -> {
            JsonObject editors = new JsonObject().put("schemas", new JsonArray().add("urn:ietf:params:scim:schemas:core:2.0:Group"))
                .put("displayName", "Editors").put("members", new JsonArray().add(new JsonObject().put("value", RunningServer.SUB)));
            String path = "/Groups/" + scim.create("/Groups", editors).getString("id");
            JsonObject before = logIn();
            assertThat(before.getString("scope")).isEqualTo("mcp:read mcp:write");
            JsonObject kept = refresh(second, before);
            assertThat(kept.getString("scope")).isEqualTo("mcp:read mcp:write");
            assertThat(introspect(second, kept, "groups")).containsExactly("Editors");
            scim.patch(path, "{'op': 'remove', 'path': 'members[value eq \\'" + RunningServer.SUB + "\\']'}").requireOk();
            JsonObject narrowed = refresh(second, kept);
            assertThat(narrowed.getString("scope")).isEqualTo("mcp:read");
            assertThat(refresh(first, narrowed).getString("scope")).isEqualTo("mcp:read");
            Eventually.holds("the other server knows", BOUND, () -> introspect(second, kept, "groups").isEmpty());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void groupsOfAnIdentityProviderReachTheCachesOfBothServers(String engine) {
        onTwoNodes(engine, () -> {
            JsonObject tokens = logIn();
            for (RunningServer node : new RunningServer[] {first, second}) {
                assertThat(introspect(node, tokens, "teams")).isEmpty();
            }
            replaceTeams("octo/dev");
            for (RunningServer node : new RunningServer[] {first, second}) {
                Eventually.holds("the server knows", BOUND, () -> introspect(node, tokens, "teams").contains("octo/dev"));
            }
            int announced = Waiting.on(first.database().read("SELECT * FROM invalidation")).size();
            replaceTeams("octo/dev");
            assertThat(Waiting.on(first.database().read("SELECT * FROM invalidation"))).as("nothing has changed").hasSize(announced);
        });
    }

    private void replaceTeams(String... teams) {
        Waiting.on(first.database().write(statements -> UserGroupStore.replace(statements, RunningServer.SUB, "github", List.of(teams), 1)));
    }
}

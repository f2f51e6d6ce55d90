package dev.gatehouse.authz.scim;

import static dev.gatehouse.authz.scim.ScimClient.requireError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.user.GroupStore;
import dev.gatehouse.authz.user.GroupStore.Change;
import dev.gatehouse.authz.user.UserGroupStore;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;

/** Groups from SCIM and of this server, and the scopes that only their members get. */
class GroupScopesTest {

    private static RunningServer server;
    private static ScimClient scim;
    private static GroupStore groups;

    @BeforeAll
    static void start() {
        JsonObject entry = new JsonObject().put("groups", new JsonArray().add("Editors")).put("scopes", new JsonArray().add("mcp:write"));
        JsonObject readers = new JsonObject().put("groups", new JsonArray().add("Readers")).put("scopes", new JsonArray().add("mcp:read"))
            .put("clients", new JsonArray().add("restricted"));
        server = RunningServer.start(new JsonObject().put("groupScopes", new JsonArray().add(entry).add(readers)));
        server.add(Clients.publicClient("app"));
        server.add(Clients.publicClient("restricted"));
        scim = ScimClient.register(server, "directory");
        groups = new GroupStore(server.database());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Answer redeem(String client) {
        Approval approval = server.approve(client);
        return server.post("/oauth/token", "grant_type", "authorization_code", "client_id", client, "code", approval.code(), "code_verifier", approval.verifier());
    }

    private static Answer refresh(JsonObject tokens) {
        return server.post("/oauth/token", "grant_type", "refresh_token", "client_id", "app", "refresh_token", tokens.getString("refresh_token"));
    }

    private static JsonObject group(String name, String... members) {
        JsonArray list = new JsonArray();
        List.of(members).forEach(member -> list.add(new JsonObject().put("value", member)));
        return new JsonObject().put("schemas", new JsonArray().add("urn:ietf:params:scim:schemas:core:2.0:Group")).put("displayName", name).put("members", list);
    }

    @Test
    void personWhoIsRemovedFromTheGroupHasNotItsScopeFromTheNextRefreshOn() {
        assertThat(redeem("app").requireOk().json().getString("scope")).isEqualTo("mcp:read");
        String path = "/Groups/" + scim.create("/Groups", group("Editors", RunningServer.SUB)).getString("id");
        JsonObject tokens = redeem("app").requireOk().json();
        assertThat(tokens.getString("scope")).isEqualTo("mcp:read mcp:write");
        JsonObject second = refresh(tokens).requireOk().json();
        assertThat(second.getString("scope")).isEqualTo("mcp:read mcp:write");
        scim.patch(path, "{'op': 'Remove', 'path': 'members', 'value': [{'value': '" + RunningServer.SUB + "'}]}").requireOk();
        JsonObject third = refresh(second).requireOk().json();
        assertThat(third.getString("scope")).isEqualTo("mcp:read");
        assertThat(server.post("/oauth/introspect", "token", third.getString("access_token")).requireOk().json().getString("scope")).isEqualTo("mcp:read");
        scim.patch(path, "{'op': 'add', 'path': 'members', 'value': [{'value': '" + RunningServer.SUB + "'}]}").requireOk();
        assertThat(refresh(third).requireOk().json().getString("scope")).isEqualTo("mcp:read mcp:write");
        assertThat(scim.send("DELETE", path, null).status()).isEqualTo(204);
        assertThat(redeem("app").requireOk().json().getString("scope")).isEqualTo("mcp:read");
    }

    @Test
    void whereNothingRemainsNothingIsIssuedAndNothingIsSpent() {
        Approval approval = server.approve("restricted");
        String[] form = {"grant_type", "authorization_code", "client_id", "restricted", "code", approval.code(), "code_verifier", approval.verifier()};
        server.post("/oauth/token", form).requireError(400, "invalid_scope");
        assertThat(Waiting.on(groups.create("Readers", 1))).isTrue();
        assertThat(Waiting.on(groups.create("Readers", 1))).isFalse();
        assertThat(Waiting.on(groups.setMember("Readers", "alice", true, 1))).isEqualTo(Change.DONE);
        assertThat(Waiting.on(groups.setMember("Readers", "alice", true, 1))).isEqualTo(Change.UNCHANGED);
        assertThat(Waiting.on(groups.setMember("Readers", "unknown", true, 1))).isEqualTo(Change.NO_USER);
        assertThat(server.post("/oauth/token", form).requireOk().json().getString("scope")).isEqualTo("mcp:read");
        assertThat(Waiting.on(groups.delete("Readers", 1))).isTrue();
        assertThat(redeem("restricted").status()).isEqualTo(400);
    }

    @Test
    void groupOfAnIdentityProviderCountsOnlyIfTheEntryNamesTheProvider() {
        Waiting.on(server.database().write(statements -> UserGroupStore.replace(statements, RunningServer.SUB, "github", List.of("Editors"), 1)));
        assertThat(redeem("app").requireOk().json().getString("scope")).isEqualTo("mcp:read");
        Waiting.on(server.database().write(statements -> UserGroupStore.replace(statements, RunningServer.SUB, "github", List.of(), 1)));
    }

    @Test
    void groupsAreCreatedFoundRenamedAndReplaced() {
        JsonObject created = scim.create("/Groups", group("Team", RunningServer.SUB).put("externalId", "g-1"));
        String path = "/Groups/" + created.getString("id");
        assertThat(created.getJsonArray("members").getJsonObject(0).getString("display")).isEqualTo("alice");
        JsonObject found = scim.search("/Groups", "displayName eq \"team\"", "excludedAttributes", "members");
        assertThat(found.getInteger("totalResults")).isEqualTo(1);
        assertThat(found.getJsonArray("Resources").getJsonObject(0).containsKey("members")).isFalse();
        assertThat(scim.search("/Groups", "members[value eq \"" + RunningServer.SUB + "\"]").getInteger("totalResults")).isPositive();
        assertThat(scim.get("/Users/" + RunningServer.SUB).json().getJsonArray("groups").stream().map(each -> ((JsonObject) each).getString("display"))).contains("Team");
        Answer renamed = scim.patch(path, "{'op': 'replace', 'value': {'id': '" + created.getString("id") + "', 'displayName': 'Crew'}}");
        assertThat(renamed.requireOk().json().getString("displayName")).isEqualTo("Crew");
        assertThat(renamed.header("ETag")).isNotEqualTo(created.getJsonObject("meta").getString("version"));
        requireError(scim.send("POST", "/Groups", group("crew")), 409, "uniqueness");
        requireError(scim.send("POST", "/Groups", group("Other", "usr_unknown")), 400, "invalidValue");
        assertThat(scim.search("/Groups", "displayName eq \"Other\"").getInteger("totalResults")).isZero();
        requireError(scim.send("PUT", path, group("Crew", RunningServer.SUB), "If-Match", "W/\"old\""), 412, null);
        assertThat(scim.send("PUT", path, group("Crew")).requireOk().json().containsKey("members")).isFalse();
        ScimClient other = ScimClient.register(server, "other-directory");
        requireError(other.get(path), 404, null);
        assertThat(other.get("/Groups").requireOk().json().getInteger("totalResults")).isZero();
        assertThat(scim.send("DELETE", path, null).status()).isEqualTo(204);
        requireError(scim.get(path), 404, null);
    }
}

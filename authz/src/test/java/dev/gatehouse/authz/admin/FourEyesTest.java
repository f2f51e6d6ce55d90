package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.user.RoleStore.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static dev.gatehouse.authz.admin.AdminApiTest.requireProblem;
import static org.assertj.core.api.Assertions.assertThat;

/** Dangerous changes wait for a second owner. */
class FourEyesTest {

    private static RunningServer server;
    private static AdminClient first;
    private static AdminClient second;

    @BeforeAll
    static void start() {
        server = RunningServer.start(new JsonObject().put("admin", new JsonObject().put("fourEyes", true)));
        AdminClient.register(server);
        first = AdminClient.named(server, "first", Role.OWNER);
        second = AdminClient.named(server, "second", Role.OWNER);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String request(String username) {
        String path = "/users/" + AdminClient.addUser(server, username);
        Answer answer = first.changeAfter(path, "PUT", path + "/role", new JsonObject().put("role", "owner"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(first.get(path).json().getString("role")).isNull();
        return answer.json().getString("change_id");
    }

    @Test
    void newOwnerNeedsAnotherOwner() {
        String id = request("promoted");
        JsonArray waiting = second.get("/changes").requireOk().json().getJsonArray("items");
        assertThat(waiting.stream().map(each -> ((JsonObject) each).getString("change_id"))).contains(id);
        requireProblem(first.send("POST", "/changes/" + id + "/confirm", null), 403, "forbidden");
        assertThat(first.get("/users/usr_promoted").json().getString("role")).isNull();
        assertThat(second.send("POST", "/changes/" + id + "/confirm", null).status()).isEqualTo(204);
        assertThat(first.get("/users/usr_promoted").json().getString("role")).isEqualTo("owner");
        requireProblem(second.send("POST", "/changes/" + id + "/confirm", null), 404, "not-found");
    }

    @Test
    void keyIsRemovedAfterTheConfirmation() {
        assertThat(first.send("POST", "/keys", null).status()).isEqualTo(201);
        String path = "/keys/" + first.get("/keys").json().getJsonArray("items").getJsonObject(0).getString("kid");
        requireProblem(first.send("DELETE", path, null, "If-Match", "\"old\""), 412, "changed");
        Answer answer = first.change("DELETE", path, null);
        assertThat(answer.status()).isEqualTo(202);
        first.get(path).requireOk();
        assertThat(second.send("POST", "/changes/" + answer.json().getString("change_id") + "/confirm", null).status()).isEqualTo(204);
        requireProblem(first.get(path), 404, "not-found");
    }

    @Test
    void changeEndsByCancellationAndWithTheRoleOfItsRequester() {
        String cancelled = request("cancelled");
        assertThat(first.send("DELETE", "/changes/" + cancelled, null).status()).isEqualTo(204);
        requireProblem(second.send("POST", "/changes/" + cancelled + "/confirm", null), 404, "not-found");
        String orphaned = request("orphaned");
        AdminClient.setRole(server, "first", Role.OPERATOR);
        requireProblem(second.send("POST", "/changes/" + orphaned + "/confirm", null), 409, "conflict");
        AdminClient.setRole(server, "first", Role.OWNER);
        assertThat(first.get("/users/usr_orphaned").json().getString("role")).isNull();
    }

    @Test
    void otherRolesNeedNoSecondOwner() {
        String path = "/users/" + AdminClient.addUser(server, "plain");
        assertThat(first.changeAfter(path, "PUT", path + "/role", new JsonObject().put("role", "operator")).requireOk().json().getString("role")).isEqualTo("operator");
    }
}

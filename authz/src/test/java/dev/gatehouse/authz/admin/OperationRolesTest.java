package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.user.RoleStore.Role;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.policy.PolicyLanguage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Supplier;

import static org.assertj.core.api.Assertions.assertThat;

/** Each operation with each role: allowed and denied as the table says, and denied without a role, a token or the scope. */
class OperationRolesTest {

    /** The module of the MCP server knows the tools of policies. Unit tests of this module run without it. */
    private static final boolean HAS_TOOLS = ServiceLoader.load(PolicyLanguage.class).findFirst().isPresent();
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");
    private static RunningServer server;
    private static final Map<Role, AdminClient> CLIENTS = new EnumMap<>(Role.class);
    private static int fresh;
    private static ContractCheck contract;

    @BeforeAll
    static void start() {
        server = RunningServer.start(new JsonObject().put("admin", new JsonObject().put("policies",
            new JsonArray().add(new JsonObject().put("name", "notes").put("file", RunningServer.temporaryDirectory().resolve("policy.json").toString())))));
        AdminClient.register(server);
        for (Role role : Role.values()) {
            CLIENTS.put(role, AdminClient.of(server, role));
        }
        contract = ContractCheck.of(server);
    }

    @AfterAll
    static void stop() {
        contract.close();
        server.close();
    }

    /** A request that the operation performs for a role that has it. @param read the path of the resource whose entity tag the change needs */
    private record Try(String path, JsonObject body, String read) {
    }

    private static Try sample(Operation operation) {
        String name = "sample-" + fresh++;
        return switch (operation) {
            case SEARCH -> new Try("/search?q=a", null, null);
            case CREATE_USER -> new Try("/users", new JsonObject().put("username", name), null);
            case READ_USER, CHANGE_USER, DELETE_USER -> {
                String path = "/users/" + AdminClient.addUser(server, name);
                yield new Try(path, operation == Operation.CHANGE_USER ? new JsonObject().put("name", "N") : null, path);
            }
            case SET_ROLE -> {
                String path = "/users/" + AdminClient.addUser(server, name);
                yield new Try(path + "/role", new JsonObject().put("role", "auditor"), path);
            }
            case UNLOCK_USER -> new Try("/users/" + AdminClient.addUser(server, name) + "/unlock", null, null);
            case END_ACCESS -> new Try("/users/" + AdminClient.addUser(server, name) + "/end-access", null, null);
            case LIST_IDENTITIES -> new Try("/users/" + AdminClient.addUser(server, name) + "/identities", null, null);
            case LINK_IDENTITY -> new Try("/users/" + AdminClient.addUser(server, name) + "/identities", new JsonObject().put("issuer", "https://i.example").put("subject", name), null);
            case UNLINK_IDENTITY -> {
                String path = "/users/" + AdminClient.addUser(server, name) + "/identities";
                JsonObject identity = new JsonObject().put("issuer", "https://i.example").put("subject", name);
                yield new Try(path + "/" + owner().send("POST", path, identity).json().getString("identity_id"), null, null);
            }
            case CREATE_GROUP -> new Try("/groups", new JsonObject().put("name", name), null);
            case READ_GROUP, DELETE_GROUP -> new Try("/groups/" + group(name), null, "/groups/" + name);
            case ADD_MEMBER, REMOVE_MEMBER -> new Try("/groups/" + group(name) + "/members/" + AdminClient.addUser(server, name), null, null);
            case CREATE_CLIENT -> new Try("/clients", new JsonObject().put("client_name", name).put("redirect_uris", new JsonArray().add("https://a.example/cb")), null);
            case READ_CLIENT, CHANGE_CLIENT, DELETE_CLIENT -> {
                server.add(Clients.publicClient(name));
                yield new Try("/clients/" + name, operation == Operation.CHANGE_CLIENT ? new JsonObject().put("client_name", "N") : null, "/clients/" + name);
            }
            case ROTATE_SECRET -> {
                server.add(Clients.basicClient(name, "s"));
                yield new Try("/clients/" + name + "/secret", new JsonObject(), null);
            }
            case READ_DOCUMENT -> new Try(document(name), null, null);
            case DECIDE_DOCUMENT -> new Try(document(name) + "/decision", new JsonObject().put("decision", "approved"), document(name));
            case READ_GRANT, REVOKE_GRANT -> {
                server.add(Clients.publicClient(name));
                yield new Try("/grants/" + server.approve(AdminClient.addUser(server, name), name, "mcp:read", List.of(RunningServer.RESOURCE)).grantId(), null, null);
            }
            case END_SESSION -> new Try("/sessions/" + session(name), null, null);
            case READ_KEY, REMOVE_KEY -> {
                String path = "/keys/" + owner().get("/keys").json().getJsonArray("items").getJsonObject(0).getString("kid");
                yield new Try(path, null, path);
            }
            case READ_POLICY -> new Try("/policies/notes", null, null);
            case READ_POLICY_VERSION -> {
                Waiting.on(new PolicyVersionStore(server.database()).keep("notes", "v", "{}", null, server.clock().millis()));
                yield new Try("/policies/notes/versions/1", null, null);
            }
            case CANCEL_CHANGE, CONFIRM_CHANGE -> new Try(operation.path().replace("{change_id}", "chg_none"), null, null);
            default -> new Try(operation.path().replace("{name}", "notes"), body(operation), "/policies/notes");
        };
    }

    private static JsonObject body(Operation operation) {
        return switch (operation) {
            case REPLACE_POLICY -> new JsonObject().put("text", "{\"rules\": []}");
            case EXPLAIN_POLICY -> new JsonObject().put("tool", "get_user_profile");
            default -> null;
        };
    }

    private static AdminClient owner() {
        return CLIENTS.get(Role.OWNER);
    }

    private static String group(String name) {
        assertThat(owner().send("POST", "/groups", new JsonObject().put("name", name)).status()).isEqualTo(201);
        return name;
    }

    private static String document(String name) {
        return "/documents/" + URLEncoder.encode("https://" + name + ".invalid/client.json", StandardCharsets.UTF_8);
    }

    private static String session(String name) {
        String sub = AdminClient.addUser(server, name);
        long now = server.clock().millis();
        Waiting.on(server.database().write(statements -> statements.update("INSERT INTO browser_session (session_hash, sub, authenticated_at, seen_at, expires_at)"
            + " VALUES ($1, $2, $3, $4, $5)", name, sub, now, now, now + 60_000)));
        return name;
    }

    private static Answer send(AdminClient client, Operation operation, Try sample) {
        return operation.needsMatch() ? client.send(operation.method(), sample.path(), sample.body(), "If-Match", tag(sample)) : client.send(operation.method(), sample.path(), sample.body());
    }

    private static String tag(Try sample) {
        return owner().get(sample.read()).requireOk().header("ETag");
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void eachRoleMayDoWhatTheTableSays(Operation operation) {
        for (Role role : Role.values()) {
            Answer answer = send(CLIENTS.get(role), operation, isOfPolicies(operation) ? sampleOfPolicy(operation) : sample(operation));
            contract.requireAllowed(operation, answer);
            if (!operation.isFor(role)) {
                AdminApiTest.requireProblem(answer, 403, "forbidden");
            } else if (isOfPolicies(operation) && !HAS_TOOLS) {
                AdminApiTest.requireProblem(answer, 409, "conflict");
            } else if (operation == Operation.CONFIRM_CHANGE || operation == Operation.CANCEL_CHANGE) {
                AdminApiTest.requireProblem(answer, 404, "not-found");
            } else {
                assertThat(answer.status()).as(role + " " + operation + " " + answer.body()).isBetween(200, 204);
            }
        }
    }

    private static boolean isOfPolicies(Operation operation) {
        return operation.name().endsWith("_POLICY") || operation == Operation.LIST_POLICIES;
    }

    private static Try sampleOfPolicy(Operation operation) {
        return new Try(operation.path().replace("{name}", "notes"), body(operation), HAS_TOOLS ? "/policies/notes" : "/keys/" + owner().get("/keys").json().getJsonArray("items").getJsonObject(0).getString("kid"));
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void nothingIsAllowedWithoutARoleOrATokenOrTheScope(Operation operation) {
        String path = operation.path().replaceAll("\\{[^}]*}", "x");
        JsonObject body = operation.request() == null ? null : new JsonObject();
        AdminApiTest.requireProblem(server.send(server.request("/admin/v1" + path, null).method(operation.method(), BodyPublishers.noBody())), 401, "invalid-token");
        AdminClient former = CLIENTS.get(Role.OPERATOR);
        AdminClient.setRole(server, "operator", null);
        try {
            AdminApiTest.requireProblem(former.send(operation.method(), path, body, "If-Match", "*"), 403, "forbidden");
        } finally {
            AdminClient.setRole(server, "operator", Role.OPERATOR);
        }
        if (operation.isWrite()) {
            AdminClient reader = new AdminClient(server, owner().sub(), READ_ONLY.get());
            AdminApiTest.requireProblem(reader.send(operation.method(), path, body, "If-Match", "*"), 403, "insufficient-scope");
        }
    }

    private static final Supplier<String> READ_ONLY = new Supplier<>() {
        private String token;

        @Override
        public String get() {
            token = token == null ? AdminClient.redeem(server, owner().sub(), "admin:read").requireOk().json().getString("access_token") : token;
            return token;
        }
    };

    @Test
    void methodsThatTheTableLacksAreNotAllowed() {
        for (String path : Set.copyOf(Arrays.stream(Operation.values()).map(Operation::path).toList())) {
            for (String method : METHODS) {
                if (Arrays.stream(Operation.values()).noneMatch(each -> each.path().equals(path) && each.method().equals(method))) {
                    Answer answer = owner().send(method, path.replaceAll("\\{[^}]*}", "x"), null);
                    // A word such as export is also a value of a parameter of no other path.
                    assertThat(answer.status()).as(method + " " + path).isEqualTo(405);
                }
            }
        }
    }
}

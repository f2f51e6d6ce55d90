package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.DocumentServer;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.user.RoleStore.Role;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The API of the administration: tokens, entity tags, pages, idempotency and the rules of its operations. */
class AdminApiTest {

    private static RunningServer server;
    private static AdminClient owner;
    private static AdminClient operator;
    private static AdminClient helpDesk;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
        AdminClient.register(server);
        server.add(Clients.publicClient("app"));
        owner = AdminClient.of(server, Role.OWNER);
        operator = AdminClient.of(server, Role.OPERATOR);
        helpDesk = AdminClient.of(server, Role.HELP_DESK);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static JsonObject requireProblem(Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        JsonObject problem = answer.json();
        assertThat(problem.getString("type")).isEqualTo("urn:gatehouse:problem:" + type);
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("request_id")).isEqualTo(answer.header("X-Request-Id"));
        assertThat(problem.getString("detail")).isNotBlank();
        return problem;
    }

    private static Answer requireStatus(Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        return answer;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void onlyActiveTokensForTheApiItselfAreAccepted() {
        requireProblem(server.send(server.request("/admin/v1/users", null).GET()), 401, "invalid-token");
        assertThat(server.send(server.request("/admin/v1/users", null).GET()).header("WWW-Authenticate")).isEqualTo("Bearer scope=\"admin:read admin:write\"");
        Answer wrong = server.send(server.request("/admin/v1/users", "Bearer gha_wrong").GET());
        requireProblem(wrong, 401, "invalid-token");
        assertThat(wrong.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
        String elsewhere = server.post("/oauth/token", redeem("mcp:read", RunningServer.RESOURCE)).requireOk().json().getString("access_token");
        requireProblem(new AdminClient(server, owner.sub(), elsewhere).get("/users"), 401, "invalid-token");
        requireStatus(owner.get("/users"), 200);
    }

    private static String[] redeem(String scopes, String resource) {
        var approval = server.approve(owner.sub(), AdminClient.CLIENT, scopes, List.of(resource));
        return new String[] {"grant_type", "authorization_code", "client_id", AdminClient.CLIENT, "code", approval.code(), "code_verifier", approval.verifier()};
    }

    @Test
    void roleThatIsTakenAwayEndsTheAccessOfATokenAtOnce() {
        AdminClient former = AdminClient.named(server, "short-lived", Role.OPERATOR);
        requireStatus(former.get("/users"), 200);
        JsonObject role = new JsonObject().put("role", "none");
        requireStatus(owner.changeAfter("/users/" + former.sub(), "PUT", "/users/" + former.sub() + "/role", role), 200);
        requireProblem(former.get("/users"), 403, "forbidden");
        AdminClient.setRole(server, "short-lived", Role.AUDITOR);
        requireStatus(former.get("/users"), 200);
        Waiting.on(server.users().setDisabled("short-lived", true, server.clock().millis()));
        Eventually.holds(() -> former.get("/users").status() == 401);
    }

    @Test
    void tokenWithTheReadScopeChangesNothing() {
        String token = AdminClient.redeem(server, owner.sub(), "admin:read").requireOk().json().getString("access_token");
        AdminClient reader = new AdminClient(server, owner.sub(), token);
        Answer refused = reader.send("POST", "/groups", new JsonObject().put("name", "never"));
        requireProblem(refused, 403, "insufficient-scope");
        assertThat(refused.header("WWW-Authenticate")).contains("error=\"insufficient_scope\"");
        requireProblem(owner.get("/groups/never"), 404, "not-found");
    }

    @Test
    void changeNeedsTheCurrentEntityTag() {
        String path = "/users/" + AdminClient.addUser(server, "tagged");
        JsonObject change = new JsonObject().put("name", "First");
        requireProblem(owner.send("PATCH", path, change), 428, "precondition-required");
        String tag = owner.get(path).requireOk().header("ETag");
        assertThat(tag).startsWith("\"");
        Answer changed = owner.send("PATCH", path, change, "If-Match", tag).requireOk();
        assertThat(changed.header("ETag")).isNotEqualTo(tag);
        requireProblem(owner.send("PATCH", path, new JsonObject().put("name", "Second"), "If-Match", tag), 412, "changed");
        assertThat(owner.get(path).json().getString("name")).isEqualTo("First");
        requireProblem(owner.send("DELETE", path, null, "If-Match", tag), 412, "changed");
        requireStatus(owner.send("DELETE", path, null, "If-Match", changed.header("ETag")), 204);
        requireProblem(owner.get(path), 404, "not-found");
    }

    @Test
    void postWithTheSameKeyIsPerformedOnce() {
        JsonObject user = new JsonObject().put("username", "once").put("email", "once@example.com");
        Answer first = requireStatus(operator.send("POST", "/users", user, "Idempotency-Key", "k-1"), 201);
        Answer second = requireStatus(operator.send("POST", "/users", user, "Idempotency-Key", "k-1"), 201);
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(first.header("Idempotency-Replayed")).isNull();
        requireProblem(operator.send("POST", "/users", user.copy().put("email", "two@example.com"), "Idempotency-Key", "k-1"), 422, "unprocessable");
        requireProblem(owner.send("POST", "/users", user, "Idempotency-Key", "k-1"), 409, "conflict");
        JsonObject client = new JsonObject().put("client_name", "Once").put("redirect_uris", new JsonArray().add("https://app.example.com/cb"));
        JsonObject created = requireStatus(operator.send("POST", "/clients", client, "Idempotency-Key", "k-2"), 201).json();
        assertThat(operator.send("POST", "/clients", client, "Idempotency-Key", "k-2").json()).isEqualTo(created);
        assertThat(created.getString("client_secret")).startsWith("ghs_");
        assertThat(Waiting.on(server.database().read("SELECT sealed FROM idempotent_request")).stream().map(row -> new String(row.bytes("sealed"), StandardCharsets.ISO_8859_1)))
            .isNotEmpty().noneMatch(sealed -> sealed.contains(created.getString("client_secret")));
    }

    @Test
    void listsArePagedInAStableOrder() {
        for (int i = 0; i < 7; i++) {
            AdminClient.addUser(server, "page-" + i);
        }
        List<String> found = new ArrayList<>();
        String cursor = "";
        do {
            JsonObject page = owner.get("/users?q=page-&limit=3" + cursor).requireOk().json();
            page.getJsonArray("items").forEach(each -> found.add(((JsonObject) each).getString("username")));
            cursor = page.getString("next") == null ? null : "&cursor=" + page.getString("next");
        } while (cursor != null);
        assertThat(found).containsExactly("page-0", "page-1", "page-2", "page-3", "page-4", "page-5", "page-6");
        requireProblem(owner.get("/users?cursor=%21%21"), 400, "invalid-request");
        requireProblem(owner.get("/users?limit=0"), 400, "invalid-request");
        requireProblem(owner.get("/users?unknown=1"), 400, "invalid-request");
        assertThat(owner.get("/users?role=owner").json().getJsonArray("items").stream().map(each -> ((JsonObject) each).getString("role"))).containsOnly("owner");
        assertThat(owner.get("/users?q=100%25_x").json().getJsonArray("items")).isEmpty();
        assertThat(owner.get("/users?username=page-").requireOk().json().getJsonArray("items")).as("the exact name alone").isEmpty();
        assertThat(owner.get("/users?username=owner").requireOk().json().getJsonArray("items")).singleElement()
            .satisfies(user -> assertThat(((JsonObject) user).getString("sub")).isEqualTo(owner.sub()));
    }

    @Test
    void userIsCreatedChangedDisabledAndDeleted() {
        requireProblem(operator.send("POST", "/users", new JsonObject().put("username", "carol").put("password", "password")), 422, "unprocessable");
        Answer created = requireStatus(operator.send("POST", "/users", new JsonObject().put("username", "carol").put("password", "a long unusual sentence")), 201);
        assertThat(created.body()).doesNotContain("argon", "unusual");
        String path = "/users/" + created.json().getString("sub");
        requireProblem(operator.send("POST", "/users", new JsonObject().put("username", "carol")), 409, "conflict");
        JsonObject changed = operator.change("PATCH", path, new JsonObject().put("email", "carol@example.com").put("disabled", true)).requireOk().json();
        assertThat(changed.getBoolean("disabled")).isTrue();
        assertThat(changed.getString("email")).isEqualTo("carol@example.com");
        assertThat(operator.change("PATCH", path, new JsonObject().putNull("email").put("disabled", false)).requireOk().json().getString("email")).isNull();
        requireStatus(helpDesk.send("POST", path + "/unlock", null), 204);
        requireStatus(operator.change("DELETE", path, null), 204);
        requireProblem(operator.get(path), 404, "not-found");
    }

    @Test
    void newPasswordEndsTheAccessOfItsUser() {
        String sub = AdminClient.addUser(server, "renewed");
        var approval = server.approve(sub, "app", "mcp:read", List.of("http://localhost:8001/mcp"));
        String token = server.post("/oauth/token", "grant_type", "authorization_code", "client_id", "app", "code", approval.code(), "code_verifier", approval.verifier())
            .requireOk().json().getString("access_token");
        requireProblem(operator.change("PATCH", "/users/" + sub, new JsonObject().put("password", "password")), 422, "unprocessable");
        requireProblem(helpDesk.change("PATCH", "/users/" + sub, new JsonObject().put("password", "another unusual sentence")), 403, "forbidden");
        requireProblem(operator.change("PATCH", "/users/" + owner.sub(), new JsonObject().put("password", "another unusual sentence")), 403, "forbidden");
        assertThat(server.isActive(token)).isTrue();
        Answer changed = operator.change("PATCH", "/users/" + sub, new JsonObject().put("password", "another unusual sentence")).requireOk();
        assertThat(changed.json().getBoolean("has_password")).isTrue();
        assertThat(changed.body()).doesNotContain("unusual", "argon");
        Eventually.holds(() -> !server.isActive(token));
    }

    @Test
    void onlyOwnersChangeUsersWithARole() {
        String path = "/users/" + owner.sub();
        requireProblem(operator.change("PATCH", path, new JsonObject().put("email", "taken@example.com")), 403, "forbidden");
        requireProblem(operator.change("DELETE", path, null), 403, "forbidden");
        requireProblem(operator.send("POST", path + "/identities", new JsonObject().put("issuer", "https://idp.example").put("subject", "me")), 403, "forbidden");
        requireProblem(helpDesk.send("POST", path + "/end-access", null), 403, "forbidden");
        requireProblem(helpDesk.send("POST", path + "/unlock", null), 403, "forbidden");
        assertThat(owner.get(path).json().getString("email")).isEqualTo("owner@example.com");
    }

    @Test
    void lastOwnerStaysAnOwner() {
        String path = "/users/" + owner.sub();
        requireProblem(owner.changeAfter(path, "PUT", path + "/role", new JsonObject().put("role", "none")), 409, "conflict");
        requireProblem(owner.change("PATCH", path, new JsonObject().put("disabled", true)), 409, "conflict");
        requireProblem(owner.change("DELETE", path, null), 409, "conflict");
        assertThat(owner.get(path).json().getString("role")).isEqualTo("owner");
    }

    @Test
    void identityIsLinkedListedAndUnlinked() {
        String path = "/users/" + AdminClient.addUser(server, "linked") + "/identities";
        JsonObject identity = new JsonObject().put("issuer", "https://idp.example").put("tenant", "t").put("subject", "s-1");
        String id = requireStatus(operator.send("POST", path, identity), 201).json().getString("identity_id");
        requireProblem(operator.send("POST", path, identity), 409, "conflict");
        assertThat(operator.get(path).json().getJsonArray("items")).hasSize(1);
        requireStatus(operator.send("DELETE", path + "/" + id, null), 204);
        requireProblem(operator.send("DELETE", path + "/" + id, null), 404, "not-found");
    }

    @Test
    void groupHasMembersUntilItIsDeleted() {
        String path = "/groups/" + encoded("Night/shift ü").replace("+", "%20");
        requireStatus(operator.send("POST", "/groups", new JsonObject().put("name", "Night/shift ü")), 201);
        requireProblem(operator.send("POST", "/groups", new JsonObject().put("name", "Night/shift ü")), 409, "conflict");
        String member = AdminClient.addUser(server, "member");
        requireStatus(operator.send("PUT", path + "/members/" + member, null), 204);
        requireStatus(operator.send("PUT", path + "/members/" + member, null), 204);
        assertThat(operator.get(path).requireOk().json().getJsonArray("members")).hasSize(1);
        requireProblem(operator.send("PUT", path + "/members/usr_unknown", null), 404, "not-found");
        requireStatus(operator.send("DELETE", path + "/members/" + member, null), 204);
        assertThat(operator.get(path).json().getJsonArray("members")).isEmpty();
        requireStatus(operator.change("DELETE", path, null), 204);
        requireProblem(operator.get(path), 404, "not-found");
    }

    @Test
    void clientIsRegisteredChangedAndDeleted() {
        JsonObject client = new JsonObject().put("client_id", "portal").put("client_name", "Portal").put("redirect_uris", new JsonArray().add("https://portal.example.com/cb"))
            .put("scope", "mcp:read");
        JsonObject created = requireStatus(operator.send("POST", "/clients", client), 201).json();
        assertThat(created.getString("client_secret")).startsWith("ghs_");
        requireProblem(operator.send("POST", "/clients", client), 409, "conflict");
        requireProblem(operator.send("POST", "/clients", client.copy().put("client_id", "usr_1")), 422, "unprocessable");
        requireProblem(operator.send("POST", "/clients", client.copy().put("client_id", "other").put("redirect_uris", new JsonArray().add("javascript:alert(1)"))), 422, "unprocessable");
        assertThat(operator.get("/clients/portal").body()).doesNotContain(created.getString("client_secret")).doesNotContain("sha256");
        JsonObject changed = operator.change("PATCH", "/clients/portal", new JsonObject().put("client_name", "New portal").put("scope", "mcp:read mcp:write")).requireOk().json();
        assertThat(changed.getString("client_name")).isEqualTo("New portal");
        assertThat(changed.getJsonArray("redirect_uris")).containsExactly("https://portal.example.com/cb");
        JsonObject rotated = requireStatus(operator.send("POST", "/clients/portal/secret", new JsonObject().put("overlap_seconds", 0)), 201).json();
        assertThat(server.postAs(RunningServer.basic("portal", rotated.getString("client_secret")), "/oauth/introspect", "token", "x").status()).isEqualTo(200);
        requireStatus(operator.change("DELETE", "/clients/portal", null), 204);
        requireProblem(operator.get("/clients/portal"), 404, "not-found");
    }

    @Test
    void clientsOfEachKindAreRegistered() {
        JsonObject key = new JsonObject().put("kty", "EC").put("crv", "P-256").put("x", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4").put("y", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM");
        JsonObject jwks = new JsonObject().put("keys", new JsonArray().add(key));
        JsonObject byKey = requireStatus(operator.send("POST", "/clients", new JsonObject().put("client_name", "Key").put("token_endpoint_auth_method", "private_key_jwt")
            .put("jwks", jwks).put("dpop_bound_access_tokens", true)), 201).json();
        assertThat(byKey.containsKey("client_secret")).isFalse();
        assertThat(byKey.getJsonObject("jwks").getJsonArray("keys")).hasSize(1);
        assertThat(byKey.getBoolean("dpop_bound_access_tokens")).isTrue();
        requireProblem(operator.send("POST", "/clients", new JsonObject().put("client_name", "Key").put("token_endpoint_auth_method", "private_key_jwt")), 422, "unprocessable");
        JsonObject byCertificate = requireStatus(operator.send("POST", "/clients", new JsonObject().put("client_name", "Certificate").put("token_endpoint_auth_method", "tls_client_auth")
            .put("tls_client_auth_san_dns", "app.example.com")), 201).json();
        assertThat(byCertificate.getString("tls_client_auth_san_dns")).isEqualTo("app.example.com");
        JsonObject server = requireStatus(operator.send("POST", "/clients", new JsonObject().put("client_name", "Notes").put("served_resources", new JsonArray().add("https://notes.example.com/mcp"))), 201)
            .json();
        assertThat(server.getJsonArray("grant_types")).isEmpty();
        assertThat(server.getJsonArray("served_resources")).containsExactly("https://notes.example.com/mcp");
        assertThat(server.getString("client_secret")).startsWith("ghs_");
        requireProblem(operator.send("POST", "/clients", new JsonObject().put("client_name", "Notes").put("served_resources", new JsonArray().add("notes"))), 422, "unprocessable");
    }

    @Test
    void decisionsForAClientAreChangedOneByOne() {
        JsonObject client = new JsonObject().put("client_id", "governed").put("client_name", "Governed").put("redirect_uris", new JsonArray().add("https://governed.example.com/cb"))
            .put("policy", new JsonObject().put("consent", "NEVER").put("accessTokenSeconds", 600).put("resources", new JsonArray().add("https://notes.example.com/mcp")));
        requireStatus(operator.send("POST", "/clients", client), 201);
        JsonObject changed = operator.change("PATCH", "/clients/governed", new JsonObject().put("client_uri", "https://governed.example.com")
            .put("policy", new JsonObject().putNull("accessTokenSeconds").put("requireDpop", true))).requireOk().json();
        assertThat(changed.getJsonObject("policy")).isEqualTo(new JsonObject().put("consent", "NEVER").put("resources", new JsonArray().add("https://notes.example.com/mcp")).put("requireDpop", true));
        assertThat(changed.getString("client_uri")).isEqualTo("https://governed.example.com");
        requireProblem(operator.change("PATCH", "/clients/governed", new JsonObject().put("logo_uri", "http://127.0.0.1\n")), 422, "unprocessable");
        assertThat(operator.change("PATCH", "/clients/governed", new JsonObject().putNull("client_uri")).requireOk().json().containsKey("client_uri")).isFalse();
        requireProblem(operator.send("POST", "/clients", new JsonObject().put("client_name", "Anyone").put("token_endpoint_auth_method", "none")
            .put("redirect_uris", new JsonArray().add("http://127.0.0.1/cb")).put("policy", new JsonObject().put("consent", "NEVER"))), 422, "unprocessable");
        String registered = server.postJson("/oauth/register", new JsonObject().put("redirect_uris", new JsonArray().add("http://127.0.0.1/cb"))).json().getString("client_id");
        requireProblem(operator.change("PATCH", "/clients/" + registered, new JsonObject().put("policy", new JsonObject().put("consent", "NEVER"))), 422, "unprocessable");
        requireProblem(operator.change("PATCH", "/clients/" + registered, new JsonObject().put("client_uri", "https://governed.example.com")), 422, "unprocessable");
        assertThat(operator.change("PATCH", "/clients/" + registered, new JsonObject().put("policy", new JsonObject().put("accessTokenSeconds", 60))).requireOk().json()
            .getJsonObject("policy").getInteger("accessTokenSeconds")).isEqualTo(60);
    }

    @Test
    void onlyOwnersGiveAndChangeClientsWithAScopeOfTheAdministration() {
        JsonObject client = new JsonObject().put("client_name", "Tool").put("redirect_uris", new JsonArray().add("https://tool.example.com/cb")).put("scope", "admin:read");
        requireProblem(operator.send("POST", "/clients", client), 403, "forbidden");
        String path = "/clients/" + requireStatus(owner.send("POST", "/clients", client), 201).json().getString("client_id");
        assertThat(owner.get(path).json().getString("scope")).isEqualTo("admin:read");
        requireProblem(operator.change("PATCH", path, new JsonObject().put("redirect_uris", new JsonArray().add("https://evil.example/cb"))), 403, "forbidden");
        requireProblem(operator.send("POST", path + "/secret", new JsonObject()), 403, "forbidden");
        requireProblem(operator.change("DELETE", path, null), 403, "forbidden");
        requireProblem(operator.change("PATCH", "/clients/app", new JsonObject().put("scope", "admin:write")), 403, "forbidden");
    }

    @Test
    void documentIsShownWithItsChangesAndBlocked() {
        try (DocumentServer documents = new DocumentServer()) {
            String url = documents.publish("/client.json", documents.document("/client.json"));
            String path = "/documents/" + encoded(url);
            JsonObject shown = operator.get(path).requireOk().json();
            assertThat(shown.getString("decision")).isEqualTo("none");
            JsonObject decided = operator.changeAfter(path, "PUT", path + "/decision", new JsonObject().put("decision", "blocked")).requireOk().json();
            assertThat(decided.getString("decision")).isEqualTo("blocked");
            assertThat(operator.get("/documents").json().getJsonArray("items").stream().map(each -> ((JsonObject) each).getString("url"))).contains(url);
            requireProblem(operator.send("PUT", path + "/decision", new JsonObject().put("decision", "none"), "If-Match", "\"old\""), 412, "changed");
        }
        requireProblem(operator.get("/documents/nothing"), 404, "not-found");
    }

    @Test
    void grantIsFoundByResourceAndRevokedWithItsTokens() {
        String sub = AdminClient.addUser(server, "granting");
        var approval = server.approve(sub, "app", "mcp:read", List.of("http://localhost:8001/mcp"));
        String token = server.post("/oauth/token", "grant_type", "authorization_code", "client_id", "app", "code", approval.code(), "code_verifier", approval.verifier())
            .requireOk().json().getString("access_token");
        JsonObject found = helpDesk.get("/search?q=" + encoded("localhost:8001")).requireOk().json();
        assertThat(found.getJsonArray("grants").stream().map(each -> ((JsonObject) each).getString("username"))).contains("granting");
        JsonArray grants = helpDesk.get("/grants?sub=" + sub + "&client_id=app&state=live").json().getJsonArray("items");
        assertThat(grants).hasSize(1);
        String id = grants.getJsonObject(0).getString("grant_id");
        assertThat(grants.getJsonObject(0).getString("client_name")).isEqualTo("Client app");
        assertThat(server.isActive(token)).isTrue();
        requireStatus(helpDesk.send("DELETE", "/grants/" + id, null), 204);
        assertThat(server.isActive(token)).isFalse();
        assertThat(helpDesk.get("/grants/" + id).json().getString("revoked_at")).isNotNull();
        assertThat(helpDesk.get("/grants?sub=" + sub + "&state=live").json().getJsonArray("items")).isEmpty();
        requireProblem(helpDesk.send("DELETE", "/grants/gnt_unknown", null), 404, "not-found");
    }

    @Test
    void keyIsRotatedAndTheOldOneRemoved() {
        requireStatus(operator.send("POST", "/keys", null), 201);
        JsonArray keys = owner.get("/keys").json().getJsonArray("items");
        assertThat(keys.size()).isGreaterThan(1);
        String path = "/keys/" + keys.getJsonObject(keys.size() - 1).getString("kid");
        assertThat(owner.get(path).body()).doesNotContain("\"d\"");
        requireProblem(operator.change("DELETE", path, null), 403, "forbidden");
        requireStatus(owner.change("DELETE", path, null), 204);
        requireProblem(owner.get(path), 404, "not-found");
    }

    @Test
    void eachChangeIsAuditedWithItsActor() {
        String sub = AdminClient.addUser(server, "audited");
        requireStatus(operator.change("PATCH", "/users/" + sub, new JsonObject().put("name", "Secret name")), 200);
        requireProblem(helpDesk.send("POST", "/groups", new JsonObject().put("name", "x")), 403, "forbidden");
        Eventually.holds(() -> !owner.get("/audit?event=admin_change_user&about=" + sub).json().getJsonArray("items").isEmpty());
        JsonObject event = owner.get("/audit?event=admin_change_user&about=" + sub).json().getJsonArray("items").getJsonObject(0);
        assertThat(event.getString("actor")).isEqualTo(operator.sub());
        assertThat(event.getJsonObject("details").getString("sub")).isEqualTo(sub);
        assertThat(event.encode()).doesNotContain("Secret name");
        Eventually.holds(() -> !owner.get("/audit?event=admin_refused&actor=" + helpDesk.sub()).json().getJsonArray("items").isEmpty());
        Answer export = owner.get("/audit/export?event=admin_change_user").requireOk();
        assertThat(export.header("Content-Type")).isEqualTo("application/x-ndjson");
        assertThat(export.body().lines()).isNotEmpty().allMatch(line -> new JsonObject(line).getString("event").equals("admin_change_user"));
        assertThat(owner.get("/audit/verification").requireOk().json().getBoolean("intact")).isTrue();
        requireProblem(helpDesk.get("/audit"), 403, "forbidden");
    }

    @Test
    void acknowledgedChangeHasItsEventInTheTrail() {
        for (int i = 0; i < 20; i++) {
            requireStatus(operator.send("POST", "/groups", new JsonObject().put("name", "kept-" + i)), 201);
            requireStatus(operator.change("DELETE", "/groups/kept-" + i, null), 204);
            assertThat(Waiting.on(server.database().read("SELECT seq FROM audit_event WHERE event = 'admin_delete_group' AND details LIKE $1", "%\"kept-" + i + "\"%"))).hasSize(1);
        }
    }

    @Test
    void overviewCountsAndHasTheLastDay() {
        JsonObject overview = helpDesk.get("/overview").requireOk().json();
        assertThat(overview.getJsonObject("counts").getLong("users")).isPositive();
        assertThat(overview.getJsonArray("hours")).hasSize(24);
        assertThat(owner.get("/scopes").json().getJsonArray("items")).isNotEmpty();
        assertThat(owner.get("/resources").json().getJsonArray("items")).isNotEmpty();
    }

    @Test
    void malformedRequestsAreProblems() {
        requireProblem(owner.get("/nothing"), 404, "not-found");
        Answer wrongMethod = owner.send("DELETE", "/users", null);
        requireProblem(wrongMethod, 405, "method-not-allowed");
        assertThat(wrongMethod.header("Allow")).isEqualTo("GET, POST");
        String authorization = "Bearer " + owner.token();
        for (String body : List.of("[]", "{", "{\"name\":1}", "{\"name\":\"a\",\"name\":\"b\"}", "{\"name\":\"a\\u0000b\"}", "{\"other\":1}", "{}")) {
            requireProblem(server.send(server.request("/admin/v1/groups", authorization).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body))), 400, "invalid-request");
        }
        requireProblem(server.send(server.request("/admin/v1/groups", authorization).header("Content-Type", "text/plain").POST(BodyPublishers.ofString("{\"name\":\"a\"}"))), 415, "media-type");
        requireProblem(server.send(server.request("/admin/v1/groups", authorization).header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"name\":\"" + "a".repeat(2_000_000) + "\"}"))), 413, "too-long");
        assertThat(Stream.of("/users/%00", "/users/a%00b").map(owner::get).map(Answer::status)).containsOnly(400);
    }
}

package dev.gatehouse.authz.scim;

import static dev.gatehouse.authz.scim.ScimClient.requireError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.List;

/** The requests of SCIM clients for users, as Microsoft Entra and Okta document theirs, over HTTP. */
class ScimUsersTest {

    private static RunningServer server;
    private static ScimClient scim;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
        scim = ScimClient.register(server, "entra");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static long accounts() {
        return Waiting.on(server.database().read("SELECT COUNT(*) AS n FROM user_account")).get(0).number("n");
    }

    @Test
    void entraTestsTheConnectionCreatesChangesAndDisablesAUser() {
        JsonObject none = scim.search("/Users", "userName eq \"f7a2-test\"");
        assertThat(none.getInteger("totalResults")).isZero();
        assertThat(none.getJsonArray("Resources")).isEmpty();
        JsonObject created = scim.create("/Users", new JsonObject("""
            {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
             "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef", "userName": "Grace@example.com", "active": true,
             "emails": [{"primary": true, "type": "work", "value": "grace@example.com"}], "meta": {"resourceType": "User"},
             "name": {"formatted": "Grace Hopper", "familyName": "Hopper", "givenName": "Grace"}, "roles": [],
             "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Compilers"}}
            """));
        String id = created.getString("id");
        assertThat(created.getJsonArray("schemas")).hasSize(2);
        assertThat(scim.search("/Users", "externalId eq \"0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef\"").getJsonArray("Resources").getJsonObject(0)).isEqualTo(created);
        assertThat(scim.get("/Users/" + id).requireOk().json()).isEqualTo(created);
        Answer changed = scim.patch("/Users/" + id, "{'op': 'Replace', 'path': 'emails[type eq \\'work\\'].value', 'value': 'updated@example.com'}",
            "{'op': 'Replace', 'path': 'name.familyName', 'value': 'Murray'}");
        assertThat(changed.requireOk().json().getJsonArray("emails").getJsonObject(0).getString("value")).isEqualTo("updated@example.com");
        assertThat(changed.json().getJsonObject("name").getString("familyName")).isEqualTo("Murray");
        assertThat(Waiting.on(server.users().findBySub(id)).orElseThrow().email()).isEqualTo("updated@example.com");
        assertThat(scim.patch("/Users/" + id, "{'op': 'Replace', 'path': 'active', 'value': 'False'}").requireOk().json().getBoolean("active")).isFalse();
        assertThat(Waiting.on(server.users().findBySub(id)).orElseThrow().disabled()).isTrue();
        assertThat(scim.search("/Users", "userName eq \"grace@EXAMPLE.com\"").getJsonArray("Resources").getJsonObject(0).getBoolean("active")).isFalse();
        assertThat(scim.send("DELETE", "/Users/" + id, null).status()).isEqualTo(204);
        requireError(scim.get("/Users/" + id), 404, null);
        requireError(scim.send("DELETE", "/Users/" + id, null), 404, null);
    }

    @Test
    void aQueryWithAMalformedPercentEncodingIs400() throws IOException {
        long before = accounts();
        assertThat(scim.raw("/Users?count=%2s")).startsWith("HTTP/1.1 400 ").contains("\"scimType\":\"invalidSyntax\"", "percent sign");
        assertThat(scim.raw("/Users?count=%32")).startsWith("HTTP/1.1 200 ").contains("\"totalResults\"");
        assertThat(accounts()).isEqualTo(before);
    }

    @Test
    void acknowledgedChangeHasItsEventInTheTrail() {
        JsonObject user = new JsonObject().put("schemas", new JsonArray().add("urn:ietf:params:scim:schemas:core:2.0:User")).put("userName", "trail@example.com");
        String id = scim.create("/Users", user).getString("id");
        assertThat(events(id)).containsExactly("scim_user_created");
        scim.patch("/Users/" + id, "{'op': 'Replace', 'path': 'active', 'value': false}").requireOk();
        assertThat(events(id)).containsExactly("scim_user_created", "scim_user_changed");
        assertThat(scim.send("DELETE", "/Users/" + id, null).status()).isEqualTo(204);
        assertThat(events(id)).containsExactly("scim_user_created", "scim_user_changed", "scim_user_deleted");
    }

    private static List<String> events(String id) {
        return Waiting.on(server.database().read("SELECT event FROM audit_event WHERE event LIKE 'scim_%' AND details LIKE $1 ORDER BY seq", "%\"" + id + "\"%")).stream()
            .map(row -> row.text("event")).toList();
    }

    @Test
    void oktaSearchesCreatesReplacesAndDeactivatesAUser() {
        assertThat(scim.search("/Users", "userName eq \"katherine@example.com\"", "startIndex", "1", "count", "100").getInteger("totalResults")).isZero();
        JsonObject profile = new JsonObject("""
            {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "katherine@example.com",
             "name": {"givenName": "Katherine", "familyName": "Johnson"}, "emails": [{"primary": true, "value": "katherine@example.com", "type": "work"}],
             "displayName": "Katherine Johnson", "locale": "en-US", "externalId": "00ujl29u0le5T6Aj10h7", "groups": [], "password": "1mz050nq", "active": true}
            """);
        JsonObject created = scim.create("/Users", profile);
        assertThat(created.containsKey("password")).isFalse();
        String id = created.getString("id");
        Answer replaced = scim.send("PUT", "/Users/" + id, profile.copy().put("id", id).put("name", new JsonObject().put("givenName", "Kate"))
            .put("meta", new JsonObject().put("resourceType", "User")));
        assertThat(replaced.requireOk().json().getJsonObject("name")).isEqualTo(new JsonObject().put("givenName", "Kate"));
        Answer ended = scim.patch("/Users/" + id, "{'op': 'replace', 'value': {'active': false}}");
        assertThat(ended.requireOk().json().getBoolean("active")).isFalse();
        assertThat(scim.send("PUT", "/Users/" + id, profile.copy().putNull("active")).requireOk().json().getBoolean("active"))
            .as("a profile that does not say active enables no one").isFalse();
        assertThat(scim.patch("/Users/" + id, "{'op': 'replace', 'value': {'active': true}}").requireOk().json().getBoolean("active")).isTrue();
    }

    @Test
    void entityTagGuardsAgainstLostChanges() {
        JsonObject user = scim.createUser("tag@example.com", "tag");
        String path = "/Users/" + user.getString("id");
        Answer read = scim.get(path);
        String tag = read.header("ETag");
        assertThat(user.getJsonObject("meta").getString("version")).isEqualTo(tag).startsWith("W/\"");
        assertThat(scim.get(path, "If-None-Match", tag).status()).isEqualTo(304);
        assertThat(scim.get(path, "If-None-Match", "W/\"other\"").status()).isEqualTo(200);
        JsonObject title = user.copy().put("title", "First");
        Answer changed = scim.send("PUT", path, title, "If-Match", tag);
        assertThat(changed.requireOk().header("ETag")).isNotEqualTo(tag);
        requireError(scim.send("PUT", path, title.copy().put("title", "Second"), "If-Match", tag), 412, null);
        requireError(scim.send("DELETE", path, null, "If-Match", tag), 412, null);
        assertThat(scim.get(path).json().getString("title")).isEqualTo("First");
        assertThat(scim.get(path, "If-None-Match", tag).status()).isEqualTo(200);
        Waiting.on(server.users().setDisabled("tag@example.com", true, server.clock().millis()));
        requireError(scim.send("DELETE", path, null, "If-Match", changed.header("ETag")), 412, null);
        assertThat(scim.send("DELETE", path, null, "If-Match", "*").status()).isEqualTo(204);
    }

    @Test
    void namesAndExternalIdentifiersAreUnique() {
        JsonObject first = scim.createUser("unique@example.com", "unique");
        scim.createUser("second@example.com", "second");
        long before = accounts();
        requireError(scim.send("POST", "/Users", new JsonObject().put("userName", "UNIQUE@example.com")), 409, "uniqueness");
        requireError(scim.send("POST", "/Users", new JsonObject().put("userName", "third@example.com").put("externalId", "unique")), 409, "uniqueness");
        requireError(scim.patch("/Users/" + first.getString("id"), "{'op': 'replace', 'path': 'userName', 'value': 'second@example.com'}"), 409, "uniqueness");
        requireError(scim.patch("/Users/" + first.getString("id"), "{'op': 'replace', 'path': 'externalId', 'value': 'second'}"), 409, "uniqueness");
        assertThat(accounts()).isEqualTo(before);
        assertThat(scim.get("/Users/" + first.getString("id")).json()).isEqualTo(first);
    }

    @Test
    void listIsPagedAndShowsTheAskedAttributes() {
        ScimClient other = ScimClient.register(server, "paging");
        for (int i = 0; i < 5; i++) {
            other.createUser("page" + i + "@example.com", "page" + i);
        }
        JsonObject page = other.search("/Users", "externalId sw \"page\"", "startIndex", "2", "count", "3", "attributes", "userName,emails.value");
        assertThat(page.getInteger("totalResults")).isEqualTo(5);
        assertThat(page.getInteger("itemsPerPage")).isEqualTo(3);
        assertThat(page.getInteger("startIndex")).isEqualTo(2);
        assertThat(page.getJsonArray("Resources").getJsonObject(0).fieldNames()).containsExactlyInAnyOrder("schemas", "id", "userName", "emails");
        assertThat(page.getJsonArray("Resources").getJsonObject(0).getJsonArray("emails").getJsonObject(0).fieldNames()).containsExactly("value");
        JsonObject all = other.get("/Users?excludedAttributes=emails,name.givenName,meta&count=2&startIndex=1").requireOk().json();
        assertThat(all.getInteger("totalResults")).isGreaterThan(5);
        assertThat(all.getJsonArray("Resources").stream().map(JsonObject.class::cast)).hasSize(2).noneMatch(user -> user.containsKey("emails") || user.containsKey("meta"));
        assertThat(other.get("/Users?count=0").requireOk().json().getJsonArray("Resources")).isEmpty();
        assertThat(other.get("/Users?count=-1&startIndex=-5").requireOk().json().getInteger("startIndex")).isEqualTo(1);
        assertThat(other.get("/Users?count=100000").requireOk().json().getInteger("itemsPerPage")).isLessThanOrEqualTo(200);
        assertThat(other.get("/Users?startIndex=100000").requireOk().json().getJsonArray("Resources")).isEmpty();
        JsonObject searched = other.send("POST", "/Users/.search", new JsonObject().put("filter", "externalId sw \"page\"").put("count", 1)
            .put("attributes", new JsonArray().add("userName"))).requireOk().json();
        assertThat(searched.getInteger("totalResults")).isEqualTo(5);
        assertThat(searched.getJsonArray("Resources")).hasSize(1);
    }

    @Test
    void usersOfAnotherClientDoNotExist() {
        JsonObject own = scim.createUser("mine@example.com", "mine");
        String path = "/Users/" + own.getString("id");
        ScimClient other = ScimClient.register(server, "other");
        requireError(other.get(path), 404, null);
        requireError(other.send("PUT", path, own), 404, null);
        requireError(other.patch(path, "{'op': 'replace', 'path': 'active', 'value': false}"), 404, null);
        requireError(other.send("DELETE", path, null), 404, null);
        assertThat(other.search("/Users", "userName eq \"mine@example.com\"").getInteger("totalResults")).isZero();
        assertThat(other.search("/Users", "externalId eq \"mine\"").getInteger("totalResults")).isZero();
        assertThat(scim.get(path).requireOk().json()).isEqualTo(own);
    }

    @Test
    void accountWithAPasswordIsFoundAndEndedButKeepsItsName() {
        Waiting.on(server.users().add(new dev.gatehouse.authz.user.User("usr_local", "local", "$argon2id$x", "local@example.com", "Local", false, 0, null)));
        JsonObject found = scim.search("/Users", "userName eq \"local\"").getJsonArray("Resources").getJsonObject(0);
        assertThat(found.getString("displayName")).isEqualTo("Local");
        requireError(scim.patch("/Users/usr_local", "{'op': 'replace', 'path': 'userName', 'value': 'other'}"), 400, "mutability");
        requireError(scim.send("DELETE", "/Users/usr_local", null), 403, null);
        scim.patch("/Users/usr_local", "{'op': 'replace', 'value': {'active': false, 'displayName': 'Changed', 'externalId': 'x-local'}}").requireOk();
        var account = Waiting.on(server.users().findBySub("usr_local")).orElseThrow();
        assertThat(account.disabled()).isTrue();
        assertThat(account.name()).isEqualTo("Local");
        assertThat(scim.search("/Users", "externalId eq \"x-local\"").getInteger("totalResults")).isEqualTo(1);
    }

    @Test
    void onlyATokenOfAClientItselfForThisEndpointOpensIt() {
        String path = "/scim/v2/Users";
        Answer none = server.send(server.request(path, null).GET());
        requireError(none, 401, null);
        assertThat(none.header("WWW-Authenticate")).isEqualTo("Bearer scope=\"scim\"");
        for (String authorization : List.of("Bearer gha_unknown", "Bearer", "Basic eDp5", "DPoP " + scim.token())) {
            Answer refused = server.send(server.request(path, authorization).GET());
            requireError(refused, 401, null);
            assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer scope=\"scim\", error=\"invalid_token\"");
        }
        server.add(Clients.basicClient("plain", "secret"));
        String elsewhere = server.postAs(RunningServer.basic("plain", "secret"), "/oauth/token", "grant_type", "client_credentials").requireOk().json()
            .getString("access_token");
        requireError(server.send(server.request(path, "Bearer " + elsewhere).GET()), 401, null);
        server.postAs(RunningServer.basic("plain", "secret"), "/oauth/token", "grant_type", "client_credentials", "scope", "scim").requireError(400, "invalid_scope");
        server.postAs(RunningServer.basic("plain", "secret"), "/oauth/token", "grant_type", "client_credentials", "resource", server.issuer() + "/scim/v2")
            .requireError(400, "invalid_target");
        assertThat(server.send(server.request(path, "Bearer " + scim.token()).GET()).status()).isEqualTo(200);
        assertThat(server.send(server.request("/.well-known/oauth-authorization-server", null).GET()).json().getJsonArray("scopes_supported").contains("scim"))
            .as("clients that ask for every scope of the list do not ask for this one").isFalse();
    }

    @Test
    void documentsDescribeTheServer() {
        JsonObject configuration = server.send(server.request("/scim/v2/ServiceProviderConfig", null).GET()).requireOk().json();
        assertThat(configuration.getJsonObject("patch").getBoolean("supported")).isTrue();
        assertThat(configuration.getJsonObject("bulk").getBoolean("supported")).isFalse();
        assertThat(configuration.getJsonObject("filter").getInteger("maxResults")).isEqualTo(200);
        JsonObject types = scim.get("/ResourceTypes").requireOk().json();
        assertThat(types.getJsonArray("Resources").stream().map(type -> ((JsonObject) type).getString("endpoint"))).containsExactly("/Users", "/Groups");
        for (Object schema : scim.get("/Schemas").requireOk().json().getJsonArray("Resources")) {
            String id = ((JsonObject) schema).getString("id");
            assertThat(scim.get("/Schemas/" + id).requireOk().json()).isEqualTo(schema);
        }
        assertThat(scim.get("/ResourceTypes/User").requireOk().json().getString("schema")).isEqualTo("urn:ietf:params:scim:schemas:core:2.0:User");
        requireError(scim.get("/Schemas/unknown"), 404, null);
    }

    @Test
    void brokenRequestsAreErrorsOfTheClient() {
        long before = accounts();
        String path = "/Users/" + scim.createUser("broken@example.com", "broken").getString("id");
        for (String body : List.of("", "{", "[]", "5", "null", "{\"userName\": \"a\", \"userName\": \"b\"}", "{\"userName\": null}", "{\"userName\": {}}",
            "{\"userName\": \"a\\u0000b\"}", "{\"userName\": \"\"}", "{\"userName\": \"" + "x".repeat(3_000) + "\"}", "{\"userName\": \"a\", \"emails\": 5}",
            "{\"userName\": \"a\", \"emails\": [[]]}", "{\"userName\": \"a\", \"name\": []}", "{\"userName\": \"a\", \"active\": 5}", "[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]")) {
            for (String method : List.of("POST", "PUT", "PATCH")) {
                String target = method.equals("POST") ? "/Users" : path;
                Answer refused = server.send(server.request("/scim/v2" + target, "Bearer " + scim.token()).header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body)));
                assertThat(refused.status()).as(method + " " + body).isBetween(400, 499);
                assertThat(refused.json().getString("detail")).isNotBlank();
            }
        }
        for (String query : List.of("?filter=x", "?filter=userName%20eq", "?filter=%00", "?filter=%5B", "?count=x", "?startIndex=1.5", "?count=99999999999999999999",
            "?attributes=userName&excludedAttributes=id")) {
            assertThat(scim.get("/Users" + query).status()).as(query).isEqualTo(400);
        }
        assertThat(scim.get("/Users?filter=userName%20eq%20%22a%5Cu0000b%22").requireOk().json().getInteger("totalResults")).isZero();
        for (String id : List.of("%00", "usr_none", "..%2f", "%F0%9F%98%80", "x".repeat(3_000))) {
            assertThat(scim.get("/Users/" + id).status()).as(id).isEqualTo(404);
        }
        requireError(scim.send("PUT", "/Users", new JsonObject()), 405, null);
        requireError(scim.send("POST", "/Bulk", new JsonObject()), 404, null);
        Answer text = server.send(server.request("/scim/v2/Users", "Bearer " + scim.token()).header("Content-Type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString("{}")));
        requireError(text, 415, null);
        Answer large = server.send(server.request("/scim/v2/Users", "Bearer " + scim.token()).header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"title\": \"" + "x".repeat(1_100_000) + "\"}")));
        requireError(large, 413, null);
        assertThat(accounts()).isEqualTo(before + 1);
    }

    @Test
    void endpointThatIsOffServesNothing() {
        try (RunningServer off = RunningServer.start(new JsonObject().put("scim", new JsonObject().put("enabled", false)))) {
            assertThat(off.send(off.request("/scim/v2/ServiceProviderConfig", null).GET()).status()).isEqualTo(404);
        }
    }
}

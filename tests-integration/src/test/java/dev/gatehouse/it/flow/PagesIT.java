package dev.gatehouse.it.flow;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.Devices;
import dev.gatehouse.it.support.DocumentHost;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.NodeProgram;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** Every page of the console and of the account in a real Chromium: on a phone and a desktop, in light and dark, with names of all kinds. */
@Order(2)
final class PagesIT {

    private static final String PASSWORD = "testpass";
    private static final String UNCOMMON = "a long enough one";
    private static final String LONG_NAME = "An-assistant-whose-name-has-no-blank-and-goes-on-".repeat(3);
    private static final String RIGHT_TO_LEFT = "\u0645\u062f\u064a\u0631 \u0627\u0644\u0646\u0638\u0627\u0645 \u0627\u0644\u0639\u0631\u0628\u064a";
    private static final List<String> DEVICES = List.of("desktop", "phone");
    private static final int COLOR_SCHEMES = 2;
    private static DocumentHost documents;
    private static RunningGatehouse gatehouse;
    private static Browser owner;
    private static String document;
    private static String longUser;

    @BeforeAll
    static void start() throws IOException {
        documents = DocumentHost.start();
        Path policy = Product.scratch("policy").resolve("policy.json");
        Files.writeString(policy, "{\"rules\": [{\"name\": \"reads\", \"effect\": \"allow\", \"when\": \"tool.annotations.readOnlyHint\"}]}");
        JsonObject admin = new JsonObject().put("fourEyes", true)
            .put("policies", new JsonArray().add(new JsonObject().put("name", "notes").put("file", policy.toString())));
        gatehouse = RunningGatehouse.inProcess(new JsonObject().put("admin", admin).put("fetching", new JsonObject().put("trustFile", documents.certificate().toString()))
            .put("secondFactor", new JsonObject().put("requiredGroups", new JsonArray().add("careful")))
            .put("mail", new JsonObject().put("host", "localhost").put("port", Ports.free()).put("security", "none").put("from", "gatehouse@example.com")), new JsonObject());
        owner = new Browser(gatehouse.issuer());
        owner.submit(owner.open("/admin"), Map.of("username", "testuser", "password", PASSWORD));
        populate();
    }

    @AfterAll
    static void stop() {
        gatehouse.close();
        documents.close();
    }

    /** Long names, names from right to left, many rows, and something of each kind. */
    private static void populate() {
        act("createGroup", "body.name", "careful");
        for (String device : DEVICES) {
            act("addMember", "path.name", "careful", "path.sub", createUser("newcomer-" + device, "New Comer"));
        }
        longUser = createUser("user-" + "x".repeat(90), RIGHT_TO_LEFT);
        for (int i = 0; i < 60; i++) {
            // Without a password, because each one costs a hash.
            act("createUser", "body.username", "person" + i, "body.name", "Person " + i);
        }
        act("createUser", "body.username", "chief");
        act("replacePolicy", "path.name", "notes", "tag", "*", "body.text", "{\"rules\": [{\"name\": \"reads\", \"effect\": \"allow\", \"when\": \"true\"}]}");
        register("client_name", LONG_NAME);
        register("client_name", RIGHT_TO_LEFT);
        gatehouse.tokens();
        document = documents.publish("/client.json", description("Document client"));
        Journey.demo(gatehouse.issuer()).tokens(new OAuthClient(gatehouse.issuer(), document, null, "http://127.0.0.1/callback"));
        documents.publish("/client.json", description("Another name"));
        act("setRole", "path.sub", longUser, "tag", "*", "body.role", "owner");
        Devices devices = new Devices(gatehouse);
        devices.answer(devices.begin().getString("verification_uri_complete"), "allow|approve");
        for (int i = 0; i < 3; i++) {
            Browser other = new Browser(gatehouse.issuer());
            other.submit(other.open("/account"), Map.of("username", "testuser", "password", "wrong"));
        }
    }

    private static JsonObject description(String name) {
        return new JsonObject().put("client_name", name).put("redirect_uris", new JsonArray().add("http://127.0.0.1/callback"));
    }

    private static void register(String member, String value) {
        JsonObject metadata = new JsonObject().put("redirect_uris", new JsonArray().add("http://127.0.0.1/callback")).put("token_endpoint_auth_method", "none").put(member, value);
        JsonObject answer = new JsonObject(Http.post(gatehouse.issuer() + "/oauth/register", "application/json", metadata.encode()).body());
        Journey.demo(gatehouse.issuer()).tokens(new OAuthClient(gatehouse.issuer(), answer.getString("client_id"), null, "http://127.0.0.1/callback"));
    }

    private static String createUser(String username, String name) {
        Page created = act("createUser", "body.username", username, "body.name", name, "body.password", UNCOMMON);
        return Http.query(created.redirect()).get("id");
    }

    private static Page act(String operation, String... fields) {
        Map<String, String> form = new HashMap<>(Map.of("csrf", owner.get("/admin").document().selectFirst("input[name=csrf]").val(), "operation", operation, "back", "/admin"));
        for (int i = 0; i < fields.length; i += 2) {
            form.put(fields[i], fields[i + 1]);
        }
        Page done = owner.post("/admin/act", form, "Sec-Fetch-Site", "same-origin");
        assertThat(done.status()).as(done.body()).isEqualTo(303);
        return done;
    }

    @Test
    void consoleIsUsableInEveryLook() {
        JsonObject pages = new JsonObject();
        for (String page : new String[] {"", "/users", "/users?q=none", "/groups", "/clients", "/documents", "/grants", "/grants?resource=none", "/sessions", "/keys", "/policies",
            "/policy?id=notes", "/audit", "/audit?event=none", "/audit?verify=yes", "/changes", "/search?q=test", "/search?q=none", "/group?id=careful", "/client?id=mcp-test-client"}) {
            pages.put("console" + page.replaceAll("[^a-z]+", "-"), gatehouse.issuer() + "/admin" + page);
        }
        pages.put("console-user", gatehouse.issuer() + "/admin/user?id=" + longUser);
        pages.put("console-version", gatehouse.issuer() + "/admin/version?id=notes&number=1");
        pages.put("console-grant", gatehouse.issuer() + owner.get("/admin/grants").document().selectFirst("td[data-label=Since] a").attr("href"));
        pages.put("console-document", gatehouse.issuer() + "/admin/document?" + Http.encode(Map.of("id", document)));
        pages.put("console-absent", gatehouse.issuer() + "/admin/user?id=usr_0000000000000000");
        JsonObject result = look("console", pages, pages.size() + 1);
        assertThat(result.getJsonArray("confirmed")).as("a new key and an approved document, by the keyboard alone").containsExactly("The change was made.", "The change was made.");
    }

    @Test
    void accountAndLoginAreUsableInEveryLook() {
        JsonObject pages = new JsonObject();
        for (String page : new String[] {"account/factor", "account/passkeys", "account/email", "account/password", "account/email?token=none", "device", ""}) {
            pages.put(page.isEmpty() ? "home" : page.replaceAll("[^a-z]+", "-"), gatehouse.issuer() + "/" + page);
        }
        JsonObject request = new Devices(gatehouse).begin();
        pages.put("device-consent", request.getString("verification_uri_complete"));
        look("account", pages, pages.size() + 14);
    }

    private static JsonObject look(String action, JsonObject pages, int count) {
        JsonObject newcomers = new JsonObject();
        DEVICES.forEach(device -> newcomers.put(device, "newcomer-" + device));
        JsonObject result = NodeProgram.run("pages.mjs", new JsonObject().put("issuer", gatehouse.issuer()).put("action", action).put("pages", pages).put("newcomers", newcomers)
            .put("chromium", Parts.chromium()).put("username", "testuser").put("password", PASSWORD).put("newPassword", UNCOMMON)
            .put("screenshots", Path.of("target", "screenshots").toAbsolutePath().toString()), Map.of());
        JsonObject overflow = result.getJsonObject("overflow");
        assertThat(overflow.fieldNames()).hasSize(count * DEVICES.size() * COLOR_SCHEMES).allSatisfy(page ->
            assertThat(overflow.getInteger(page)).as("pixels that stick out of " + page).isLessThanOrEqualTo(0));
        assertThat(result.getJsonArray("violations")).as("violations that axe finds").isEmpty();
        assertThat(result.getJsonArray("unreached")).as("controls that the keyboard does not reach").isEmpty();
        assertThat(result.getJsonArray("console")).noneSatisfy(line -> assertThat(line.toString()).containsIgnoringCase("violates"));
        return result;
    }
}

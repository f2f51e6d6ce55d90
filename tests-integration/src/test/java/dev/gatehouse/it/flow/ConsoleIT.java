package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.it.support.NodeProgram;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console in a real browser, and its policy editor with the tools of the MCP server. */
final class ConsoleIT {

    private static final String ALLOW = "{\"rules\": [{\"name\": \"reads\", \"effect\": \"allow\", \"when\": \"tool.annotations.readOnlyHint\"}]}";
    @TempDir
    private static Path directory;
    private static RunningGatehouse gatehouse;

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(directory.resolve("policy.json"), "{\"rules\": []}");
        JsonObject policy = new JsonObject().put("name", "notes").put("file", directory.resolve("policy.json").toString());
        gatehouse = RunningGatehouse.inProcess(new JsonObject().put("admin", new JsonObject().put("policies", new JsonArray().add(policy))), new JsonObject());
    }

    @AfterAll
    static void stop() {
        gatehouse.close();
    }

    @Test
    void pagesFitPhonesAndDesktopsInLightAndDark() {
        String console = gatehouse.issuer() + "/admin";
        JsonObject pages = new JsonObject();
        for (String page : new String[] {"", "/users", "/groups", "/clients", "/client?id=mcp-test-client", "/documents", "/grants", "/sessions", "/keys", "/policies", "/policy?id=notes",
            "/audit", "/changes", "/search?q=test"}) {
            pages.put("console" + page.replaceAll("[^a-z]+", "-"), console + page);
        }
        JsonObject settings = new JsonObject().put("url", console).put("pages", pages).put("chromium", Parts.chromium()).put("action", "consoleGallery")
            .put("username", "testuser").put("password", "testpass").put("screenshots", Path.of("target", "screenshots").toAbsolutePath().toString());
        JsonObject result = NodeProgram.run("browser.mjs", settings, Map.of());
        JsonObject overflow = result.getJsonObject("overflow");
        assertThat(overflow.fieldNames()).hasSize(pages.size() * 4).allSatisfy(page ->
            assertThat(overflow.getInteger(page)).as("pixels that stick out of " + page).isLessThanOrEqualTo(0));
        assertThat(result.getJsonArray("console")).noneSatisfy(line -> assertThat(line.toString()).containsIgnoringCase("violates"));
    }

    @Test
    void draftOfAPolicyIsExplainedAndThenPutInForce() throws IOException {
        Browser browser = new Browser(gatehouse.issuer());
        Page login = browser.open("/admin/policy?id=notes");
        Page editor = browser.follow(browser.send(login, "username", "testuser", "password", "testpass"));
        String csrf = editor.document().selectFirst("input[name=csrf]").val();
        String tag = editor.document().selectFirst("input[name=tag]").val();
        Map<String, String> question = Map.of("csrf", csrf, "operation", "explainPolicy", "path.name", "notes", "body.tool", "list_secure_notes", "body.caller.user", "bob",
            "body.text", ALLOW, "back", "/admin/policy?id=notes");
        Page answer = browser.post("/admin/act", question, "Sec-Fetch-Site", "same-origin");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.document().text()).contains("allow: rule reads", "match");
        assertThat(Files.readString(directory.resolve("policy.json"))).isEqualTo("{\"rules\": []}");
        Map<String, String> change = Map.of("csrf", csrf, "operation", "replacePolicy", "path.name", "notes", "tag", tag, "body.text", "{\"rules\": [{}]}", "back", "/admin/policy?id=notes");
        Page invalid = browser.post("/admin/act", change, "Sec-Fetch-Site", "same-origin");
        assertThat(invalid.status()).isEqualTo(422);
        assertThat(Files.readString(directory.resolve("policy.json"))).isEqualTo("{\"rules\": []}");
        Map<String, String> valid = Map.of("csrf", csrf, "operation", "replacePolicy", "path.name", "notes", "tag", tag, "body.text", ALLOW, "back", "/admin/policy?id=notes");
        assertThat(browser.post("/admin/act", valid, "Sec-Fetch-Site", "same-origin").status()).isEqualTo(303);
        assertThat(Files.readString(directory.resolve("policy.json"))).isEqualTo(ALLOW);
    }
}

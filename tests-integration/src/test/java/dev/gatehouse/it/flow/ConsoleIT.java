package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The policy editor of the console, with the tools of the MCP server. */
final class ConsoleIT {

    private static final String ALLOW = "{\"rules\": [{\"name\": \"reads\", \"effect\": \"allow\", \"when\": \"tool.annotations.readOnlyHint\"}]}";
    @TempDir
    private static Path directory;
    private static RunningGatehouse gatehouse;

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(directory.resolve("policy.json"), "{\"rules\": []}");
        JsonObject policy = new JsonObject().put("name", "notes").put("file", directory.resolve("policy.json").toString());
        JsonObject versions = new JsonObject().put("name", "versions").put("file", directory.resolve("versions.json").toString());
        gatehouse = RunningGatehouse.inProcess(new JsonObject().put("admin", new JsonObject().put("policies", new JsonArray().add(policy).add(versions))), new JsonObject());
    }

    @AfterAll
    static void stop() {
        gatehouse.close();
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

    @Test
    void versionsOfAPolicyAreComparedAndPutInForceAgain() throws IOException {
        Path file = directory.resolve("versions.json");
        String first = "{\n  \"rules\": []\n}\n";
        String second = "{\n  \"rules\": [\n    {\"name\": \"reads\", \"effect\": \"allow\", \"when\": \"true\"}\n  ]\n}\n";
        Files.writeString(file, first);
        Browser browser = new Browser(gatehouse.issuer());
        Page editor = browser.follow(browser.send(browser.open("/admin/policy?id=versions"), "username", "testuser", "password", "testpass"));
        assertThat(editor.document().text()).contains("The policy was not changed here yet.");
        replace(browser, editor, second);
        Files.writeString(file, ALLOW);
        Page again = browser.get("/admin/policy?id=versions");
        replace(browser, again, second);
        Page listed = browser.get("/admin/policy?id=versions");
        assertThat(listed.document().select("td[data-label=Number]").eachText()).containsExactly("4", "3", "2", "1");
        assertThat(listed.document().select("td[data-label=By]").eachText()).containsExactly("testuser", "a change of the file", "testuser", "a change of the file");
        assertThat(listed.document().select("td[data-label='In force']").eachText()).containsExactly("yes", "no", "yes", "no");
        Page version = browser.get("/admin/version?id=versions&number=1");
        assertThat(version.document().select("del").eachText()).containsExactly("−   \"rules\": [", "−     {\"name\": \"reads\", \"effect\": \"allow\", \"when\": \"true\"}", "−   ]");
        assertThat(version.document().select("ins").eachText()).containsExactly("+   \"rules\": []");
        Page restored = browser.submit(version, form(version, "replacePolicy"), Map.of());
        assertThat(restored.body()).contains("The change was made.");
        assertThat(Files.readString(file)).isEqualTo(first);
        assertThat(browser.get("/admin/version?id=versions&number=99").status()).isEqualTo(404);
        assertThat(browser.get("/admin/version?id=versions&number=x").status()).isEqualTo(404);
    }

    private static void replace(Browser browser, Page editor, String text) {
        Page done = browser.submit(editor, form(editor, "replacePolicy"), Map.of("body.text", text));
        assertThat(done.body()).contains("The change was made.");
    }

    private static Page.Form form(Page page, String operation) {
        Element form = page.document().selectFirst("form:has(input[value=" + operation + "])");
        return new Page.Form(form.attr("action"), form.select("input[name]").stream().map(input -> Map.entry(input.attr("name"), input.val())).toList(), form);
    }
}

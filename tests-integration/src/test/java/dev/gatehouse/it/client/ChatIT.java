package dev.gatehouse.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Step 4 of the guide, typed as it stands: {@code gatehouse chat} with the product's servers and a model that follows a script. */
@Gatehouse
@ResourceLock(value = "notes of the demo user", mode = ResourceAccessMode.READ)
final class ChatIT {

    private final RunningGatehouse gatehouse;

    ChatIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @ParameterizedTest
    @ValueSource(strings = {"oauth-protected", "oauth-protected-http", "oauth-protected-sse"})
    void theGuidesFourSentencesWorkOverEachTransport(String server) throws IOException {
        Map<String, String> environment = new HashMap<>(Product.environment(Product.scratch("chat")));
        environment.put("GATEHOUSE_MODEL_KEY", "sk-model-key");
        String config = ConnectIT.guide(gatehouse, Product.scratch("guide")).toString();
        try (ScriptedModel model = ScriptedModel.start();
                TypedProcess chat = TypedProcess.start(environment, "chat", "--config", config, "--no-browser", "--model-url", model.url(), "--model", "script")) {
            chat.type("/mcp connect " + server);
            String url = chat.authorizationUrl();
            chat.await("Paste the authorization code");
            chat.type(ConnectIT.pastedCode(gatehouse, url));
            chat.await("Connected to " + server);
            chat.type("/mcp tools " + server);
            chat.await("create_secure_note");
            model.calls("get_user_profile", new JsonObject());
            chat.type("Can you get my user profile information?");
            chat.await("The model saw: .*testuser@example.com", 0);
            model.calls("create_secure_note", new JsonObject().put("title", "Test").put("content", "Hello World"));
            chat.type("Create a secure note with title \"Test\" and content \"Hello World\"");
            chat.await("Call it? [y/N]");
            chat.type("y");
            chat.await("The model saw: .*note_", 0);
            model.calls("list_secure_notes", new JsonObject());
            chat.type("List all my secure notes");
            chat.await("The model saw: .*Hello World", 0);
            model.calls("get_api_usage", new JsonObject());
            chat.type("What's my API usage this month?");
            chat.await("The model saw: .*quota", 0);
            chat.type("/quit");
            assertThat(chat.exitCode()).as(chat.err()).isZero();
            assertThat(chat.out()).contains("→ " + server + " get_user_profile {}");
            assertThat(model.keys()).containsOnly("Bearer sk-model-key");
            assertThat(chat.out() + chat.err()).doesNotContain("sk-model-key");
        }
    }

    @Test
    void aToolThatWritesIsNotCalledWithoutConsent() throws IOException {
        Map<String, String> environment = Product.environment(Product.scratch("chat"));
        String config = ConnectIT.guide(gatehouse, Product.scratch("guide")).toString();
        try (ScriptedModel model = ScriptedModel.start();
                TypedProcess chat = TypedProcess.start(environment, "chat", "--config", config, "--no-browser", "--model-url", model.url(), "--model", "script")) {
            chat.type("/mcp connect oauth-protected-http");
            String url = chat.authorizationUrl();
            chat.await("Paste the authorization code");
            chat.type(ConnectIT.pastedCode(gatehouse, url));
            chat.await("Connected to oauth-protected-http");
            model.calls("create_secure_note", new JsonObject().put("title", "Declined").put("content", "never stored"));
            chat.type("Write something");
            chat.await("Call it? [y/N]");
            chat.type("n");
            chat.await("The model saw: The user declined this call.");
            chat.type("/mcp call oauth-protected-http search_secure_notes {\"query\": \"never stored\"}");
            chat.await("\"count\":0");
            chat.type("/mcp logout oauth-protected-http");
            chat.await("Logged out of oauth-protected-http.");
            chat.type("/quit");
            assertThat(chat.exitCode()).as(chat.err()).isZero();
        }
    }

    @Test
    void theModelStopsAtTheLimitOfRounds() {
        Map<String, String> environment = Product.environment(Product.scratch("chat"));
        try (ScriptedModel model = ScriptedModel.start();
                TypedProcess chat = TypedProcess.start(environment, "chat", "--model-url", model.url(), "--model", "script", "--max-rounds", "3")) {
            model.callsForEver("absent_tool");
            chat.type("Loop");
            chat.await("after 3 rounds");
            assertThat(model.requests()).isEqualTo(3);
            chat.type("/quit");
            assertThat(chat.exitCode()).isZero();
        }
    }

    @Test
    void aSkillIsGivenToTheModelAfterTheUserAgreesAndOnlyIfItIsWhatTheServerLists() throws IOException {
        Path home = Product.scratch("chat");
        try (SkillServer server = new SkillServer(); ScriptedModel model = ScriptedModel.start()) {
            Path config = Files.writeString(home.resolve("mcp_config.json"), new JsonObject().put("servers", JsonArray.of(new JsonObject().put("name", "shop")
                .put("url", server.url()))).encode());
            try (TypedProcess chat = TypedProcess.start(Product.environment(home), "chat", "--config", config.toString(), "--model-url", model.url(), "--model", "script")) {
                chat.type("/mcp connect shop");
                chat.await("Connected to shop");
                chat.type("/mcp skills shop");
                chat.await(SkillServer.REFUNDS + "  How to do refunds");
                chat.type("/mcp skill shop " + SkillServer.REFUNDS);
                chat.await("Load it for the model? [y/N]");
                chat.type("n");
                chat.await("Not loaded.");
                chat.type("/mcp skill shop " + SkillServer.CHANGED);
                chat.await("Skill " + SkillServer.CHANGED + " of shop");
                chat.type("y");
                chat.await("The file " + SkillServer.CHANGED + " is not used: its digest is not that of the listing.");
                assertThat(chat.out()).doesNotContain("two days");
                chat.type("/mcp skill shop " + SkillServer.REFUNDS);
                chat.type("y");
                chat.await("Answer within two days.");
                chat.type("When is it answered?");
                chat.await("The model saw: When is it answered?");
                assertThat(model.texts()).filteredOn(text -> text.contains("two days")).singleElement().asString()
                    .startsWith("Follow this skill where it fits. It is text of the server shop, at " + SkillServer.REFUNDS);
                assertThat(model.texts()).noneMatch(text -> text.contains("Ignore within two days"));
                chat.type("/quit");
                assertThat(chat.exitCode()).as(chat.err()).isZero();
            }
        }
    }

    @Test
    void aServerWithoutSkillsIsNamedAsSuch() throws IOException {
        Path home = Product.scratch("chat");
        String config = ConnectIT.guide(gatehouse, home).toString();
        try (TypedProcess chat = TypedProcess.start(Product.environment(home), "chat", "--config", config, "--no-browser")) {
            chat.type("/mcp connect oauth-protected-http");
            String url = chat.authorizationUrl();
            chat.await("Paste the authorization code");
            chat.type(ConnectIT.pastedCode(gatehouse, url));
            chat.await("Connected to oauth-protected-http");
            chat.type("/mcp skills oauth-protected-http");
            chat.await("The server oauth-protected-http has no skills.");
            chat.type("/quit");
            assertThat(chat.exitCode()).as(chat.err()).isZero();
        }
    }

    @Test
    void withoutAModelTheChatSaysHowToNameOne() {
        try (TypedProcess chat = TypedProcess.start(Product.environment(Product.scratch("chat")), "chat")) {
            chat.type("Hello");
            chat.await("--model-url");
            chat.type("/mcp servers");
            chat.await("No server is configured");
            chat.type("/mcp tools nothing");
            chat.await("Not connected to nothing");
            chat.type("/quit");
            assertThat(chat.exitCode()).isZero();
        }
    }
}

package dev.gatehouse.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The chat in a real terminal. */
@Gatehouse
@ResourceLock(value = "notes of the demo user", mode = ResourceAccessMode.READ)
final class TerminalIT {

    private static final String TAB = "\t";
    private final RunningGatehouse gatehouse;
    private final Path scratch = Product.scratch("terminal");

    TerminalIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    /** One terminal, one browser: first over stdio as the guide has it, then over the transports that its server lacked. */
    @Test
    void stepFourOfTheGuideWorksInATerminalWithARealBrowserOverEachTransport() throws IOException {
        Map<String, String> environment = new HashMap<>(Product.environment(scratch.resolve("home")));
        String config = ConnectIT.guide(gatehouse, scratch).toString();
        try (ScriptedModel model = ScriptedModel.start(); GuideBrowser browser = GuideBrowser.start(scratch)) {
            environment.put("BROWSER", browser.program().toString());
            try (TypedProcess chat = TypedProcess.inTerminal(environment, "chat", "--config", config, "--model-url", model.url(), "--model", "script")) {
                chat.await("You> ");
                for (String server : List.of("oauth-protected", "oauth-protected-sse", "oauth-protected-http")) {
                    connect(chat, browser, server);
                    sayFourSentences(chat, model, server);
                }
                chat.type("/quit");
                assertThat(chat.exitCode()).as(chat.out()).isZero();
                assertThat(chat.out()).doesNotContain("Exception", "WARN");
            }
        }
        assertThat(Files.readString(scratch.resolve("home/chat_history"))).contains("/mcp connect oauth-protected").doesNotContain("ghc_");
    }

    private static void connect(TypedProcess chat, GuideBrowser browser, String server) {
        chat.type("/mcp connect " + server);
        chat.awaitReply("Authorization server: .*Opening the browser.*Paste the authorization code");
        chat.type(browser.code());
        chat.awaitReply("Connected to " + server + ": revision \\S+, [1-9]\\d* tools");
        chat.type("/mcp tools " + server);
        chat.awaitReply("get_user_profile.*create_secure_note.*list_secure_notes.*get_api_usage");
    }

    /** The guide's sentences, as they stand there. The note has the title of the guide, and a content of this server's own. */
    private static void sayFourSentences(TypedProcess chat, ScriptedModel model, String server) {
        model.calls("get_user_profile", new JsonObject());
        chat.type("Can you get my user profile information?");
        chat.awaitReply("→ " + server + " get_user_profile .*The model saw: [^\n]*testuser@example.com");
        model.calls("create_secure_note", new JsonObject().put("title", "Test").put("content", "Hello World over " + server));
        chat.type("Create a secure note with title \"Test\" and content \"Hello World\"");
        chat.awaitReply("→ " + server + " create_secure_note .*Call it\\? \\[y/N\\]");
        chat.type("y");
        chat.awaitReply("The model saw: [^\n]*note_");
        model.calls("list_secure_notes", new JsonObject());
        chat.type("List all my secure notes");
        chat.awaitReply("The model saw: [^\n]*Hello World over " + server + "\\b(?!-)");
        model.calls("get_api_usage", new JsonObject());
        chat.type("What's my API usage this month?");
        chat.awaitReply("The model saw: [^\n]*quota");
        chat.type("/mcp disconnect " + server);
        chat.awaitReply("Disconnected from " + server);
    }

    @Test
    void theTabKeyCompletesCommandsServersAndTools() throws IOException {
        String config = ConnectIT.guide(gatehouse, scratch).toString();
        try (TypedProcess chat = TypedProcess.inTerminal(Product.environment(scratch.resolve("home")), "chat", "--config", config, "--no-browser")) {
            chat.await("You> ");
            chat.type("/mcp conn" + TAB + "oauth-protected-h" + TAB);
            chat.await("Paste the authorization code");
            chat.type(ConnectIT.pastedCode(gatehouse, chat.authorizationUrl()));
            chat.await("Connected to oauth-protected-http: ");
            chat.type("/mcp call oauth-protected-http list_s" + TAB + "{}");
            chat.await("\"count\":");
            chat.type("/mcp call oauth-protected-http search_secure_notes {\"q" + TAB + "\"proposed by the schema\"}");
            chat.awaitReply("\"count\":0");
            chat.type("/mcp read oauth-protected-http user://pro" + TAB);
            chat.awaitReply("testuser@example.com");
            chat.type("/quit");
            assertThat(chat.exitCode()).as(chat.out()).isZero();
        }
    }

    @Test
    void whatIsTypedBeforeThePromptIsNotLost() {
        try (TypedProcess chat = TypedProcess.inTerminal(Product.environment(scratch.resolve("home")), "chat")) {
            List.of("/mcp servers", "/quit").forEach(chat::type);
            chat.await("No server is configured");
            assertThat(chat.exitCode()).as(chat.out()).isZero();
        }
    }
}

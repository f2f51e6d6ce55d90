package dev.gatehouse.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
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

    @Test
    void stepFourOfTheGuideWorksInATerminalWithARealBrowser() throws IOException {
        Map<String, String> environment = new HashMap<>(Product.environment(scratch.resolve("home")));
        environment.put("BROWSER", browser().toString());
        String config = ConnectIT.guide(gatehouse, scratch).toString();
        try (ScriptedModel model = ScriptedModel.start();
                TypedProcess chat = TypedProcess.inTerminal(environment, "chat", "--config", config, "--model-url", model.url(), "--model", "script")) {
            chat.await("You> ");
            chat.type("/mcp connect oauth-protected");
            chat.await("Paste the authorization code");
            chat.type(code());
            chat.await("Connected to oauth-protected: ");
            chat.type("/mcp tools oauth-protected");
            chat.await("list_secure_notes");
            model.calls("create_secure_note", new JsonObject().put("title", "Test").put("content", "Hello World"));
            chat.type("Create a secure note with title \"Test\" and content \"Hello World\"");
            chat.await("Call it? [y/N]");
            chat.type("y");
            chat.await("The model saw: .*note_", 0);
            chat.type("/quit");
            assertThat(chat.exitCode()).as(chat.out()).isZero();
            assertThat(chat.out()).doesNotContain("Exception", "WARN");
        }
        assertThat(Files.readString(scratch.resolve("home/chat_history"))).contains("/mcp connect oauth-protected").doesNotContain("ghc_");
    }

    /** A program that is called as a browser, with a URL as its argument. */
    private Path browser() throws IOException {
        String settings = new JsonObject().put("chromium", Parts.chromium().toString()).put("username", "testuser").put("password", "testpass")
            .put("screenshots", scratch.toString()).encode();
        String script = Path.of("node", "guide-code.mjs").toAbsolutePath().toString();
        Path program = Files.writeString(scratch.resolve("browser"), """
            #!/bin/sh
            exec '%s' '%s' '%s' "$1" >'%s' 2>&1
            """.formatted(Parts.node(), script, settings, scratch.resolve("code")));
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private String code() {
        Path file = scratch.resolve("code");
        Eventually.holds("the page shows the code", Duration.ofSeconds(60),
            () -> Files.exists(file) && Files.readString(file).contains("}"));
        try {
            String told = Files.readString(file);
            assertThat(told).startsWith("RESULT ");
            return new JsonObject(told.substring("RESULT ".length())).getString("code");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
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

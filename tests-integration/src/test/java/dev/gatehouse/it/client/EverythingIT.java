package dev.gatehouse.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.ChildProcess;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Product;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code gatehouse connect} at the reference server of the protocol's own organisation, over each of its transports. */
@Order(2)
final class EverythingIT {

    private static final Path PROGRAM = Path.of("node", "node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js").toAbsolutePath();
    private static final String TAB = "\t";
    private final Path home = Product.scratch("client");

    @ParameterizedTest
    @CsvSource({"streamableHttp,/mcp", "sse,/sse"})
    void listsCallsAndReadsOverHttp(String transport, String path) {
        int port = Ports.free();
        Path log = Product.scratch("everything").resolve("log");
        try (ChildProcess server = ChildProcess.start(log, Map.of("PORT", String.valueOf(port)),
                List.of(Parts.node().toString(), PROGRAM.toString(), transport))) {
            Eventually.holds("the server listens", Duration.ofSeconds(30), () -> server.output().contains(String.valueOf(port)));
            assertThat(run("connect", "http://localhost:" + port + path).out()).contains("2025-11-25");
            usesEverything("http://localhost:" + port + path);
        }
    }

    @Test
    void listsCallsAndReadsOverStdio() throws IOException {
        configureStdio();
        usesEverything("everything");
    }

    private void configureStdio() throws IOException {
        JsonObject server = new JsonObject().put("command", Parts.node().toString()).put("args", JsonArray.of(PROGRAM.toString(), "stdio"));
        Files.writeString(home.resolve("mcp_config.json"), new JsonObject().put("mcpServers", new JsonObject().put("everything", server)).encode());
    }

    @Test
    void theModelAnswersTheServerWhenTheUserAllowsIt() throws IOException {
        configureStdio();
        try (ScriptedModel model = ScriptedModel.start();
                TypedProcess chat = TypedProcess.start(Product.environment(home), "chat", "--model-url", model.url(), "--model", "script")) {
            chat.type("/mcp connect everything");
            chat.await("Connected to everything");
            chat.type("/mcp call everything trigger-sampling-request {\"prompt\": \"secret wishes\"}");
            chat.await("Let the model answer? [y/N]");
            chat.type("n");
            chat.await("User rejected sampling request");
            assertThat(model.requests()).isZero();
            chat.type("/mcp call everything trigger-sampling-request {\"prompt\": \"say hello\"}");
            chat.await("A server asks the model: .*say hello", 0);
            chat.type("y");
            chat.await("The model saw: Resource trigger-sampling-request context: say hello");
            assertThat(model.requests()).isEqualTo(1);
            chat.type("/quit");
            assertThat(chat.exitCode()).as(chat.err()).isZero();
        }
    }

    @Test
    void theUserVisitsThePagesThatTheServerNeedsBeforeAndDuringACall() throws IOException {
        configureStdio();
        Path opened = home.resolve("opened");
        Map<String, String> environment = new HashMap<>(Product.environment(home));
        environment.put("BROWSER", browser(opened).toString());
        try (TypedProcess chat = TypedProcess.start(environment, "chat")) {
            chat.type("/mcp connect everything");
            chat.await("Connected to everything");
            chat.type("/mcp call everything trigger-url-elicitation {\"url\": \"https://example.com/one\"}");
            chat.await("It wants you to open https://example.com/one");
            chat.await("Open the page of example.com in the browser? [y/N]");
            assertThat(opened).doesNotExist();
            chat.type("y");
            chat.await("Have you done what the page of example.com asks? [y/N]");
            chat.type("y");
            chat.await("User completed the URL elicitation flow");
            String needsPageBefore = "/mcp call everything trigger-url-elicitation {\"url\": \"https://example.com/two\", \"errorPath\": true}";
            chat.type(needsPageBefore);
            chat.await("It wants you to open https://modelcontextprotocol.io");
            chat.type("y");
            chat.type("y");
            chat.await("It wants you to open https://example.com/two");
            chat.type("n");
            chat.await("User declined to open the URL");
            chat.type(needsPageBefore);
            chat.await("(?s)(open https://modelcontextprotocol.io.*){2}Open the page", 0);
            chat.type("n");
            chat.await("This request requires browser-based authorization. (-32042)");
            chat.type("/quit");
            assertThat(chat.exitCode()).as(chat.err()).isZero();
        }
        assertThat(opened).content().startsWith("https://example.com/one\n").doesNotContain("example.com/two").containsOnlyOnce("modelcontextprotocol.io");
    }

    @Test
    void theTabKeyCompletesArgumentsOfPromptsAndTemplatesByTheServer() throws IOException {
        configureStdio();
        try (TypedProcess chat = TypedProcess.inTerminal(Product.environment(home), "chat")) {
            chat.await("You> ");
            chat.type("/mcp connect everything");
            chat.await("Connected to everything");
            chat.type("/mcp prompt everything comp" + TAB + "{\"dep" + TAB + "\"Eng" + TAB + ", \"na" + TAB + "\"Al" + TAB + "}");
            chat.awaitReply("user: .*Alice.*Engineering");
            chat.type("/mcp call everything get-annotated-message {\"messageT" + TAB + "\"suc" + TAB + "}");
            chat.awaitReply("Operation completed successfully");
            chat.type("/mcp read demo://resource/dynamic/text/1" + TAB);
            chat.awaitReply("Resource 1: This is a plaintext resource");
            chat.type("/quit");
            assertThat(chat.exitCode()).as(chat.out()).isZero();
        }
    }

    /** A program that is called as a browser, and writes what it opens to a file. */
    private Path browser(Path opened) throws IOException {
        Path program = Files.writeString(home.resolve("browser"), "#!/bin/sh\nprintf '%s\\n' \"$1\" >>'" + opened + "'\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private void usesEverything(String target) {
        assertThat(run("connect", target, "--list").out()).contains("echo").contains("get-sum");
        assertThat(run("connect", target, "--call", "echo", "--arguments", "{\"message\": \"grüße\"}").out()).isEqualTo("Echo: grüße\n");
        JsonObject listed = new JsonObject(run("connect", target, "--list", "--json").out());
        String uri = listed.getJsonArray("resources").getJsonObject(0).getString("uri");
        assertThat(run("connect", target, "--read", uri).out()).isNotBlank();
        Product.Result slow = run("connect", target, "--call", "trigger-long-running-operation", "--arguments", "{\"duration\": 1, \"steps\": 2}");
        assertThat(slow.out()).contains("completed");
        assertThat(slow.err()).contains("progress 1 of 2").contains("progress 2 of 2");
        assertThat(Product.run(home, "connect", target, "--call", "echo").exitCode()).as("without its argument").isEqualTo(3);
    }

    private Product.Result run(String... arguments) {
        Product.Result result = Product.run(home, arguments);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result;
    }
}

package dev.gatehouse.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.JavaClient;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import io.modelcontextprotocol.spec.McpSchema.PromptReference;
import io.modelcontextprotocol.spec.McpSchema.ResourceContents;
import io.modelcontextprotocol.spec.McpSchema.SubscribeRequest;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The Java SDK's own client with a server on our transports whose tools ask back and tell; beside it, a client that declares nothing. */
@Timeout(180)
@Order(2)
final class JavaSdkIT {
    private static final Map<String, Object> NONE = Map.of();
    private static final String WATCHED = "test://watched-resource";
    private static FixtureServer server;

    enum Wire { HTTP, STDIO }

    @BeforeAll
    static void serve() {
        server = FixtureServer.open(Ports.free());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static McpClientTransport to(Wire wire) {
        return wire == Wire.HTTP ? JavaClient.http(server.url().replace("/mcp", ""), null) : JavaClient.stdio(FixtureProcess.command(), Map.of());
    }

    private static JavaClient able(Wire wire) {
        return JavaClient.able(to(wire), JavaClient.accepting(Map.of("response", "blue", "name", "Ann")));
    }

    private static void assertNeeds(CallToolResult result, String capability) {
        assertThat(result.isError()).isTrue();
        assertThat(JavaClient.text(result)).isEqualTo("The client does not support " + capability + ", which this needs");
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void clientIsAskedToSample(Wire wire) {
        try (JavaClient able = able(wire); JavaClient unable = JavaClient.unable(to(wire))) {
            CallToolResult result = able.call("test_sampling", Map.of("prompt", "What is the capital of France?"));

            assertThat(JavaClient.text(result)).contains("Paris", "a-model");
            assertThat(JavaClient.next(able.samplings).messages().get(0).content().toString()).contains("What is the capital of France?");
            assertNeeds(unable.call("test_sampling", Map.of("prompt", "Anything")), "sampling");
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void clientFillsInAForm(Wire wire) {
        try (JavaClient able = able(wire); JavaClient unable = JavaClient.unable(to(wire))) {
            CallToolResult result = able.call("test_elicitation", Map.of("message", "Which colour?"));

            assertThat(JavaClient.text(result)).contains("accept", "blue");
            assertThat(JavaClient.next(able.forms)).matches(form -> form.message().equals("Which colour?")
                && form.requestedSchema().toString().contains("response"));
            assertNeeds(unable.call("test_elicitation", Map.of("message", "Which colour?")), "elicitation");
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void clientThatDeclinesIsHeard(Wire wire) {
        try (JavaClient declining = JavaClient.able(to(wire), JavaClient.declining())) {
            assertThat(JavaClient.text(declining.call("test_elicitation", Map.of("message", "Which colour?")))).contains("decline").doesNotContain("blue");
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void clientIsSentToAPage(Wire wire) {
        try (JavaClient able = able(wire); JavaClient unable = JavaClient.unable(to(wire))) {
            assertThat(JavaClient.text(able.call("ask_by_page", NONE))).contains("accept");

            assertThat(JavaClient.next(able.pages)).matches(page -> page.url().equals("https://example.com/form")
                && page.elicitationId().equals("form-1") && page.message().equals("Sign the form"));
            assertThat(able.forms).isEmpty();
            assertNeeds(unable.call("ask_by_page", NONE), "elicitation.url");
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void clientNamesItsRoots(Wire wire) {
        try (JavaClient able = able(wire); JavaClient unable = JavaClient.unable(to(wire))) {
            assertThat(JavaClient.text(able.call("test_input_required_result_list_roots", NONE))).contains("file:///work");
            assertNeeds(unable.call("test_input_required_result_list_roots", NONE), "roots");
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void clientHearsProgressOfWhatItAskedToHear(Wire wire) {
        try (JavaClient client = able(wire)) {
            client.call("test_tool_with_progress", NONE);
            client.sdk().callTool(new CallToolRequest("test_tool_with_progress", NONE, Map.of("progressToken", "mine")));

            Set<Double> steps = new TreeSet<>();
            for (int i = 0; i < 3; i++) {
                assertThat(JavaClient.next(client.progress)).matches(told -> told.progressToken().equals("mine") && told.total() == 100.0
                    && steps.add(told.progress()));
            }
            assertThat(steps).containsExactly(0.0, 50.0, 100.0);
            assertThat(client.progress).as("nothing of the call without a token").isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void clientHearsLogsFromItsLevelOn(Wire wire) {
        try (JavaClient client = able(wire)) {
            client.sdk().setLoggingLevel(LoggingLevel.ERROR);
            client.call("test_tool_with_logging", NONE);
            client.sdk().setLoggingLevel(LoggingLevel.INFO);
            client.call("test_tool_with_logging", NONE);

            Set<String> told = new TreeSet<>();
            for (int i = 0; i < 3; i++) {
                assertThat(JavaClient.next(client.logs)).matches(log -> log.level() == LoggingLevel.INFO && told.add(log.data()));
            }
            assertThat(told).containsExactly("Tool execution completed", "Tool execution started", "Tool processing data");
            assertThat(client.logs).as("nothing below the level").isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void subscriberHearsOfItsResourceAndNobodyElseDoes(Wire wire) {
        try (JavaClient subscriber = able(wire); JavaClient bystander = able(wire)) {
            subscriber.sdk().subscribeResource(SubscribeRequest.builder(WATCHED).build());
            List<ResourceContents> read = JavaClient.heard(subscriber.updates, () -> subscriber.call("touch_watched_resource", NONE));
            assertThat(read).singleElement().matches(contents -> contents.uri().equals(WATCHED));

            // What comes behind it on the same way says that there was nothing before.
            bystander.call("touch_watched_resource", NONE);
            JavaClient.heard(bystander.tools, () -> bystander.call("test_trigger_tool_change", NONE));
            assertThat(bystander.updates).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void clientHearsThatListsChanged(Wire wire) {
        try (JavaClient client = able(wire)) {
            assertThat(JavaClient.heard(client.tools, () -> client.call("test_trigger_tool_change", NONE)))
                .extracting(Tool::name).contains("test_added_tool");
            assertThat(JavaClient.heard(client.prompts, () -> client.call("test_trigger_prompt_change", NONE)))
                .extracting(Prompt::name).contains("test_simple_prompt");
            assertThat(JavaClient.text(client.call("test_added_tool", NONE))).isEqualTo("added");
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void promptsAreListedFilledInAndCompleted(Wire wire) {
        try (JavaClient client = able(wire)) {
            assertThat(client.sdk().listPrompts().prompts()).extracting(Prompt::name).contains("test_simple_prompt", "test_prompt_with_arguments");
            List<PromptMessage> messages = client.sdk()
                .getPrompt(new GetPromptRequest("test_prompt_with_arguments", Map.of("arg1", "one", "arg2", "two"), null)).messages();
            assertThat(((TextContent) messages.get(0).content()).text()).isEqualTo("Prompt with arguments: arg1='one', arg2='two'");
            assertThat(client.sdk().completeCompletion(CompleteRequest.builder(new PromptReference("test_prompt_with_arguments"),
                new CompleteRequest.CompleteArgument("arg1", "par")).build()).completion().values()).containsExactly("paris", "park");
        }
    }
}

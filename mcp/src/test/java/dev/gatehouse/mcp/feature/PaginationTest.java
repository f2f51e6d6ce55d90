package dev.gatehouse.mcp.feature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.CallObserver;
import dev.gatehouse.mcp.api.McpResource;
import dev.gatehouse.mcp.api.Prompt;
import dev.gatehouse.mcp.api.PromptCall;
import dev.gatehouse.mcp.api.PromptDefinition;
import dev.gatehouse.mcp.api.PromptResult;
import dev.gatehouse.mcp.api.ResourceContents;
import dev.gatehouse.mcp.api.ResourceDefinition;
import dev.gatehouse.mcp.api.ResourceNotFound;
import dev.gatehouse.mcp.api.ResourceRead;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.StatelessPeer;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Lists that do not fit into one answer, in both eras. */
final class PaginationTest {

    private static final int MANY = 250;
    private static final Vertx VERTX = Vertx.vertx();
    private static SampleServer server;

    @BeforeAll
    static void start() throws Exception {
        List<McpResource> resources = Stream.of(all(i -> (McpResource) new OneOfMany("many://fixed/" + i)),
            all(i -> (McpResource) new OneOfMany("many://template/" + i + "/{id}"))).flatMap(List::stream).toList();
        McpFeatures features = new McpFeatures("many", "Many", "1", null, all(OneTool::new), resources, all(OnePrompt::new), CallObserver.NONE);
        server = Waiting.on(SampleServer.start(VERTX, features, McpTransportOptions.forHosts(Set.of()), Clock.systemUTC()));
    }

    @AfterAll
    static void stop() throws Exception {
        server.transport.close();
        Waiting.on(VERTX.close());
    }

    @ParameterizedTest
    @CsvSource({"tools/list, tools, name", "prompts/list, prompts, name", "resources/list, resources, uri",
        "resources/templates/list, resourceTemplates, uriTemplate"})
    void everyListIsToldInPagesThatTogetherHoldEachMemberOnce(String method, String members, String key) throws Exception {
        List<String> stateful = walk(method, members, key, List.of("alice"));
        List<String> stateless = walk(method, members, key, List.of());
        assertThat(stateful).hasSize(MANY).doesNotHaveDuplicates();
        assertThat(stateless).isEqualTo(stateful);
    }

    @ParameterizedTest
    @CsvSource({"tools/list", "prompts/list", "resources/list", "resources/templates/list"})
    void aCursorThatIsNotOfThisServerIsAnInvalidParameter(String method) throws Exception {
        McpPeer peer = Waiting.on(new McpPeer(VERTX, server.port(), "alice").initialize());
        StatelessPeer stateless = new StatelessPeer(VERTX, server.port(), "alice");
        for (Object cursor : new Object[] {"bm9uc2Vuc2U", " ", 7}) {
            JsonObject params = new JsonObject().put("cursor", cursor);
            assertThat(Waiting.on(peer.send(method, params)).bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(-32602);
            assertThat(Waiting.on(stateless.send(method, params)).bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(-32602);
        }
        assertThat(Waiting.on(peer.send(method, new JsonObject())).bodyAsJsonObject().containsKey("result")).isTrue();
    }

    /** @param sessions whose session to use; none for the era without sessions */
    private static List<String> walk(String method, String members, String key, List<String> sessions) throws Exception {
        McpPeer peer = sessions.isEmpty() ? null : Waiting.on(new McpPeer(VERTX, server.port(), sessions.get(0)).initialize());
        StatelessPeer stateless = new StatelessPeer(VERTX, server.port(), "alice");
        List<String> told = new ArrayList<>();
        String cursor = null;
        int pages = 0;
        do {
            JsonObject params = cursor == null ? new JsonObject() : new JsonObject().put("cursor", cursor);
            JsonObject result = Waiting.on(peer == null ? stateless.send(method, params) : peer.send(method, params)).bodyAsJsonObject().getJsonObject("result");
            JsonArray page = result.getJsonArray(members);
            page.forEach(member -> told.add(((JsonObject) member).getString(key)));
            cursor = result.getString("nextCursor");
            pages++;
        } while (cursor != null);
        assertThat(pages).isEqualTo(3);
        return told;
    }

    private static <T> List<T> all(IntFunction<T> one) {
        return IntStream.range(0, MANY).mapToObj(one).toList();
    }

    private record OneTool(int number) implements Tool {

        @Override
        public ToolDefinition definition() {
            return new ToolDefinition("tool" + number, "Tool", "One of many", Map.of("type", "object"), null, ToolHints.reads());
        }

        @Override
        public Set<String> scopes() {
            return Set.of();
        }

        @Override
        public Future<ToolResult> call(ToolCall call) {
            return Future.succeededFuture(ToolResult.of("done"));
        }
    }

    private record OnePrompt(int number) implements Prompt {

        @Override
        public PromptDefinition definition() {
            return new PromptDefinition("prompt" + number, "Prompt", "One of many", List.of());
        }

        @Override
        public Future<PromptResult> get(PromptCall call) {
            return Future.succeededFuture(new PromptResult("One of many", List.of()));
        }
    }

    private record OneOfMany(String uri) implements McpResource {

        @Override
        public ResourceDefinition definition() {
            return new ResourceDefinition(uri, uri, "Resource", "One of many", "text/plain");
        }

        @Override
        public Set<String> scopes() {
            return Set.of();
        }

        @Override
        public Future<ResourceContents> read(ResourceRead read) {
            return Future.failedFuture(new ResourceNotFound(read.uri()));
        }
    }
}

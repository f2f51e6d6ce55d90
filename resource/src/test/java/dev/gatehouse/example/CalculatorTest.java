package dev.gatehouse.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.IntrospectionServer;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.McpRouter;
import dev.gatehouse.mcp.McpServerBuilder;
import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.testing.McpAnswer;
import dev.gatehouse.mcp.testing.McpTestClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;

/** The examples of the documentation, and what an application may do with the router. */
class CalculatorTest {

    private final Vertx vertx = Vertx.vertx();
    private int port;

    @AfterEach
    void stop() throws Exception {
        Waiting.on(vertx.close());
    }

    private void serve(McpServerBuilder builder) throws Exception {
        Router router = Router.router(vertx);
        McpRouter mcp = builder.tool(new Calculator.Add()).mount(vertx, router);
        router.get("/me").handler(mcp.authentication()).handler(context -> context.json("somebody"));
        port = Waiting.on(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1")).actualPort();
    }

    private HttpRequest<Buffer> request(HttpMethod method, String path) {
        return WebClient.create(vertx).request(method, port, "127.0.0.1", path)
            .putHeader("Accept", "application/json, text/event-stream").putHeader("Content-Type", "application/json")
            .putHeader("MCP-Protocol-Version", "2026-07-28").putHeader("Mcp-Method", "tools/call").putHeader("Mcp-Name", "add");
    }

    private HttpResponse<Buffer> add(HttpRequest<Buffer> request) throws Exception {
        JsonObject meta = new JsonObject().put("io.modelcontextprotocol/protocolVersion", "2026-07-28")
            .put("io.modelcontextprotocol/clientCapabilities", new JsonObject());
        return Waiting.on(request.sendJsonObject(new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", "tools/call")
            .put("params", new JsonObject().put("name", "add").put("arguments", new JsonObject().put("a", 2).put("b", 3)).put("_meta", meta))));
    }

    @Test
    void withoutAuthorizationProgramsOfThisMachineAreServedAndForeignNamesAreNot() throws Exception {
        serve(McpRouter.named("calculator", "1.0.0"));
        assertThat(add(request(HttpMethod.POST, "/mcp")).bodyAsString()).contains("\"text\":\"5.0\"");
        for (String own : new String[] {"localhost", "LOCALHOST:" + port, "127.0.0.1", "[::1]:" + port, "[::1]"}) {
            assertThat(add(request(HttpMethod.POST, "/mcp").putHeader("Host", own)).statusCode()).as(own).isEqualTo(200);
        }
        for (String foreign : new String[] {"evil.example", "evil.example:" + port, "localhost.evil.example", "127.0.0.1.evil.example", "[::2]"}) {
            assertThat(add(request(HttpMethod.POST, "/mcp").putHeader("Host", foreign)).statusCode()).as(foreign).isEqualTo(403);
        }
        assertThat(add(request(HttpMethod.POST, "/mcp").putHeader("Origin", "https://evil.example")).statusCode()).isEqualTo(403);
    }

    @Test
    void withAuthorizationTheEndpointAndOtherRoutesTellWhereTokensComeFrom() throws Exception {
        serve(McpRouter.named("calculator", "1.0.0").protectedBy("http://localhost:9000", "http://127.0.0.1/mcp"));
        for (HttpMethod method : new HttpMethod[] {HttpMethod.POST, HttpMethod.GET}) {
            HttpResponse<Buffer> response = add(request(method, method == HttpMethod.POST ? "/mcp" : "/me").putHeader("Host", "127.0.0.1"));
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.getHeader("WWW-Authenticate")).contains("resource_metadata=").contains("mcp:read");
        }
        JsonObject metadata = Waiting.on(request(HttpMethod.GET, "/.well-known/oauth-protected-resource").send()).bodyAsJsonObject();
        assertThat(metadata.getJsonArray("authorization_servers")).containsExactly("http://localhost:9000");
    }

    @Test
    void aToolIsCalledWithATokenOfItsScopesAndRefusedWithLess() throws Exception {
        IntrospectionServer authServer = new IntrospectionServer(vertx, Clock.systemUTC()).start();
        Router router = Router.router(vertx);
        port = Waiting.on(vertx.createHttpServer().requestHandler(router).listen(0, "localhost")).actualPort();
        String url = "http://localhost:" + port + "/mcp";
        McpRouter.named("calculator", "1.0.0").tool(new Calculator.Add()).protectedBy(authServer.issuer(), url).mount(vertx, router);
        McpTestClient client = McpTestClient.of(vertx, url);
        JsonObject numbers = new JsonObject().put("a", 2).put("b", 3);

        McpAnswer sum = Waiting.on(client.withToken(authServer.issue("right", "alice", "mcp:read", url)).call("add", numbers));
        assertThat(sum.text()).isEqualTo("5.0");
        assertThat(sum.isError()).isFalse();

        McpAnswer refused = Waiting.on(client.withToken(authServer.issue("less", "alice", "other", url)).call("add", numbers));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.headers().get("WWW-Authenticate")).contains("insufficient_scope").contains("mcp:read");
        assertThat(Waiting.on(client.call("add", numbers)).status()).isEqualTo(401);
    }

    @Test
    void theTestClientAnswersWhatAToolAsksAndKeepsWhatItSays() throws Exception {
        McpRouter.named("asks", "1.0.0").tool(new Asks()).mount(vertx, route());
        McpTestClient client = McpTestClient.of(vertx, "http://localhost:" + port + "/mcp");

        McpAnswer told = Waiting.on(client.answering((method, params) -> new JsonObject().put("action", "accept")
            .put("content", new JsonObject().put("name", method))).call("asks", new JsonObject()));
        assertThat(told.text()).isEqualTo("Hello, elicitation/create");
        assertThat(Waiting.on(client.call("asks", new JsonObject())).errorCode()).isEqualTo(-32021);
        assertThat(Waiting.on(client.call("absent", new JsonObject())).errorCode()).isEqualTo(-32602);
    }

    private Router route() throws Exception {
        Router router = Router.router(vertx);
        port = Waiting.on(vertx.createHttpServer().requestHandler(router).listen(0, "localhost")).actualPort();
        return router;
    }

    private static final class Asks implements Tool {

        @Override
        public ToolDefinition definition() {
            return new ToolDefinition("asks", "Asks", "Asks for a name.", Schemas.NO_ARGUMENTS, null, ToolHints.reads());
        }

        @Override
        public Set<String> scopes() {
            return Set.of();
        }

        @Override
        public Future<ToolResult> call(ToolCall call) {
            InputRequest question = InputRequest.elicitation("Who?", Schemas.of("""
                {"type": "object", "properties": {"name": {"type": "string"}}}"""));
            return call.inputs().ask("who", question).map(answer -> ToolResult.of("Hello, " + answer.content().get("name")));
        }
    }

    @Test
    void theDocumentationShowsTheExamplesAsTheyAre() throws Exception {
        for (String name : new String[] {"Calculator", "Import"}) {
            String example = Files.readString(Path.of("src/test/java/dev/gatehouse/example/" + name + ".java"));
            assertThat(Files.readString(Path.of("../docs/mcp-library.md"))).contains("```java\n" + example + "```");
        }
    }
}

package dev.gatehouse.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.resource.McpRouter;
import dev.gatehouse.resource.McpServerBuilder;
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
import java.util.concurrent.TimeUnit;

/** The example of the README, and what an application may do with the router. */
class CalculatorTest {

    private final Vertx vertx = Vertx.vertx();
    private int port;

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private McpRouter serve(McpServerBuilder builder) throws Exception {
        Router router = Router.router(vertx);
        McpRouter mcp = builder.tool(new Calculator.Add()).mount(vertx, router);
        router.get("/me").handler(mcp.authentication()).handler(context -> context.json("somebody"));
        port = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1")).actualPort();
        return mcp;
    }

    private HttpRequest<Buffer> request(HttpMethod method, String path) {
        return WebClient.create(vertx).request(method, port, "127.0.0.1", path)
            .putHeader("Accept", "application/json, text/event-stream").putHeader("Content-Type", "application/json")
            .putHeader("MCP-Protocol-Version", "2026-07-28").putHeader("Mcp-Method", "tools/call").putHeader("Mcp-Name", "add");
    }

    private HttpResponse<Buffer> add(HttpRequest<Buffer> request) throws Exception {
        JsonObject meta = new JsonObject().put("io.modelcontextprotocol/protocolVersion", "2026-07-28")
            .put("io.modelcontextprotocol/clientCapabilities", new JsonObject());
        return await(request.sendJsonObject(new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", "tools/call")
            .put("params", new JsonObject().put("name", "add").put("arguments", new JsonObject().put("a", 2).put("b", 3)).put("_meta", meta))));
    }

    @Test
    void withoutAuthorizationProgramsOfThisMachineAreServedAndForeignNamesAreNot() throws Exception {
        serve(McpRouter.named("calculator", "1.0.0"));
        assertThat(add(request(HttpMethod.POST, "/mcp")).bodyAsString()).contains("\"text\":\"5.0\"");
        assertThat(add(request(HttpMethod.POST, "/mcp").putHeader("Host", "evil.example")).statusCode()).isEqualTo(403);
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
        JsonObject metadata = await(request(HttpMethod.GET, "/.well-known/oauth-protected-resource").send()).bodyAsJsonObject();
        assertThat(metadata.getJsonArray("authorization_servers")).containsExactly("http://localhost:9000");
    }

    @Test
    void theReadmeShowsTheExampleAsItIs() throws Exception {
        String example = Files.readString(Path.of("src/test/java/dev/gatehouse/example/Calculator.java"));
        assertThat(Files.readString(Path.of("../README.md"))).contains("```java\n" + example + "```");
    }
}

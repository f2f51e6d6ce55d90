package dev.gatehouse.example;

import dev.gatehouse.mcp.McpRouter;
import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

import java.util.Set;

/** An MCP server with one tool, for tokens of the authorization server that {@code ./gatehouse up} starts. */
public final class Calculator extends VerticleBase {

    private static final int PORT = 8080;
    private McpRouter mcp;

    public static void main(String[] arguments) {
        Vertx.vertx().deployVerticle(new Calculator()).onFailure(Throwable::printStackTrace);
    }

    @Override
    public Future<?> start() {
        Router router = Router.router(vertx);
        mcp = McpRouter.named("calculator", "1.0.0")
            .tool(new Add())
            .protectedBy("http://localhost:9000", "http://localhost:" + PORT + "/mcp")
            .mount(vertx, router);
        // The same tokens open other routes too; whose they are is in context.user().
        router.get("/me").handler(mcp.authentication()).handler(context -> context.json(context.user().principal().getString("sub")));
        return vertx.createHttpServer().requestHandler(router).listen(PORT, "localhost");
    }

    @Override
    public Future<?> stop() {
        mcp.close();
        return Future.succeededFuture();
    }

    /** One class is one tool: what it is called, what it takes, which scopes it needs, and what it does. */
    static final class Add implements Tool {

        @Override
        public ToolDefinition definition() {
            return new ToolDefinition("add", "Add", "Adds two numbers.", Schemas.of("""
                {"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "number"}, "b": {"type": "number"}}}"""),
                null, ToolHints.reads());
        }

        @Override
        public Set<String> scopes() {
            return Set.of("mcp:read");
        }

        @Override
        public Future<ToolResult> call(ToolCall call) {
            Number a = (Number) call.arguments().get("a");
            Number b = (Number) call.arguments().get("b");
            return Future.succeededFuture(ToolResult.of(String.valueOf(a.doubleValue() + b.doubleValue())));
        }
    }
}

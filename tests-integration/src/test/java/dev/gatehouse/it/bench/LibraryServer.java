package dev.gatehouse.it.bench;

import dev.gatehouse.mcp.McpRouter;
import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;

import java.util.Set;

/** Ours as a library, with the tool that the peers have: a constant text for everybody, without tokens, quotas or an output schema. */
public final class LibraryServer {
    private static final String TEXT = "{\"user_id\":\"testuser\",\"sub\":\"" + "x".repeat(120) + "\",\"permissions\":[\"mcp:read\"]}";

    private LibraryServer() {
    }

    /** Takes the port to listen on. */
    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        Router router = Router.router(vertx);
        McpRouter.named("library", "1").tool(new Constant()).mount(vertx, router);
        vertx.createHttpServer().requestHandler(router).listen(Integer.parseInt(arguments[0]), "localhost")
            .onFailure(failure -> System.exit(1));
    }

    private static final class Constant implements Tool {
        private static final ToolDefinition DEFINITION = new ToolDefinition("get_user_profile", "Profile", "A profile", Schemas.NO_ARGUMENTS,
            null, ToolHints.reads());

        @Override
        public ToolDefinition definition() {
            return DEFINITION;
        }

        @Override
        public Set<String> scopes() {
            return Set.of();
        }

        @Override
        public Future<ToolResult> call(ToolCall call) {
            return Future.succeededFuture(ToolResult.of(TEXT));
        }
    }
}

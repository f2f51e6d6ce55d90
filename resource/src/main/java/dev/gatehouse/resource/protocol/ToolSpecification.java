package dev.gatehouse.resource.protocol;

import dev.gatehouse.resource.tool.CallObserver;
import dev.gatehouse.resource.tool.Caller;
import dev.gatehouse.resource.tool.Notifier;
import dev.gatehouse.resource.tool.Tool;
import dev.gatehouse.resource.tool.ToolCall;
import dev.gatehouse.resource.tool.ToolDefinition;
import dev.gatehouse.resource.tool.ToolHints;
import dev.gatehouse.resource.tool.ToolResult;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** One of our tools as the SDK wants it. A call always ends in one result, {@code isError} if it failed. */
final class ToolSpecification {

    private final Tool tool;
    private final GuardedCall guard;
    private final McpSchema.Tool description;

    ToolSpecification(Tool tool, CallObserver observer) {
        this.tool = tool;
        this.description = describe(tool.definition());
        this.guard = new GuardedCall(description.name(), tool.scopes(), observer);
    }

    private static McpSchema.Tool describe(ToolDefinition definition) {
        ToolHints hints = definition.hints();
        ToolAnnotations annotations = new ToolAnnotations(definition.title(), hints.readOnly(), hints.destructive(),
            hints.idempotent(), hints.openWorld(), null);
        return new McpSchema.Tool(definition.name(), definition.title(), definition.description(), definition.inputSchema(),
            definition.outputSchema(), annotations, null, null);
    }

    AsyncToolSpecification specification() {
        return AsyncToolSpecification.builder().tool(description).callHandler(this::handle).build();
    }

    private Mono<CallToolResult> handle(McpAsyncServerExchange exchange, CallToolRequest request) {
        Caller caller = ((CallContext) exchange.transportContext()).caller();
        return Monos.from(() -> call(caller, request, ProgressNotifier.of(exchange, request)));
    }

    private Future<CallToolResult> call(Caller caller, CallToolRequest request, Notifier notifier) {
        return guard.run(caller, () -> tool.call(new ToolCall(caller, request.arguments(), notifier)).map(this::requireResult))
            .otherwise(failure -> ToolResult.error(Failures.tell(description.name(), failure)))
            .map(result -> observed(caller, request.arguments(), result));
    }

    private ToolResult requireResult(ToolResult result) {
        if (result == null) {
            throw new IllegalStateException("The tool answered nothing");
        }
        return result;
    }

    private CallToolResult observed(Caller caller, Map<String, Object> arguments, ToolResult result) {
        guard.ran(caller, arguments, result.text(), result.isError());
        return new CallToolResult(List.of(new TextContent(null, result.text(), null)), result.isError(), result.structuredContent(), null);
    }
}

package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.CallObserver;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.InputsUnsupported;
import dev.gatehouse.mcp.api.TaskSupport;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.api.UrlElicitationRequired;
import dev.gatehouse.mcp.jsonrpc.Failures;
import dev.gatehouse.mcp.jsonrpc.InputRequired;
import dev.gatehouse.mcp.jsonrpc.WireContent;
import dev.gatehouse.mcp.schema.ToolSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import io.modelcontextprotocol.spec.McpSchema.PaginatedRequest;
import io.vertx.core.Future;

import java.util.Map;

/** {@code tools/list} and {@code tools/call}. A call always ends in one result, {@code isError} if it failed. */
final class ToolOperations {

    private static final ToolResult NEEDS_TASKS = ToolResult.error("This tool runs as a task only: the client must support the extension "
        + "io.modelcontextprotocol/tasks, and speak revision 2026-07-28 or later");

    private final FeatureRegistry catalogue;
    private final CallObserver observer;
    private final CallDeadline deadline;
    private final LargeWork large;
    private final ToolMeters meters;
    private final PolicyGate policy;

    ToolOperations(FeatureRegistry catalogue, CallObserver observer, PolicyGate policy, CallDeadline deadline, LargeWork large, ToolMeters meters) {
        this.policy = policy;
        this.meters = meters;
        this.large = large;
        this.catalogue = catalogue;
        this.observer = observer;
        this.deadline = deadline;
    }

    Future<ListToolsResult> list(PaginatedRequest request, Caller caller) {
        ListPage<OfferedTool> page = ListPage.of(policy.listed(caller), tool -> tool.definition().name(), request.cursor());
        return Future.succeededFuture(new ListToolsResult(page.members().stream().map(OfferedTool::description).toList(), page.next(), null));
    }

    /** A tool that requires a task cannot run in an era without tasks. */
    Future<CallToolResult> callWithoutTask(CallToolRequest request, RequestExchange exchange) {
        return required(request).definition().taskSupport() == TaskSupport.REQUIRED
            ? Future.succeededFuture(new CallToolResult(WireContent.of(NEEDS_TASKS.content()), true, null, null)) : call(request, exchange);
    }

    private OfferedTool required(CallToolRequest request) {
        return catalogue.tool(request.name()).orElseThrow(() -> new IllegalArgumentException("Unknown tool"));
    }

    Future<Boolean> becomesTask(CallToolRequest request, RequestExchange exchange) {
        OfferedTool tool = required(request);
        return fit(tool, request.arguments()).compose(arguments ->
            arguments.problem().isPresent() ? Future.succeededFuture(false)
                : policy.isAllowed(tool.definition(), arguments.object(), exchange).compose(allowed ->
                    allowed ? becomesTask(tool, request, arguments, exchange) : Future.succeededFuture(false)));
    }

    private Future<Boolean> becomesTask(OfferedTool tool, CallToolRequest request, ToolSchema.Fitted arguments, RequestExchange exchange) {
        // The call itself is observed when it runs.
        GuardedCall guard = new GuardedCall(request.name(), tool.scopes(), CallObserver.NONE);
        return deadline.run(exchange, inTime -> guard.run(inTime, () -> tool.tool().becomesTask(toCall(arguments.object(), inTime))))
            .map(Boolean.TRUE::equals)
            .recover(failure -> Future.failedFuture(Failures.translate(request.name(), exchange.trace(), failure)));
    }

    Future<CallToolResult> call(CallToolRequest request, RequestExchange exchange) {
        return call(request, exchange, deadline);
    }

    /** As long as the task may last. */
    Future<CallToolResult> callAsTask(CallToolRequest request, RequestExchange exchange) {
        return call(request, exchange, CallDeadline.NONE);
    }

    private Future<CallToolResult> call(CallToolRequest request, RequestExchange exchange, CallDeadline limit) {
        OfferedTool tool = required(request);
        Caller caller = exchange.caller();
        Map<String, Object> arguments = request.arguments();
        GuardedCall guard = new GuardedCall(request.name(), tool.scopes(), observer);
        long begun = System.nanoTime();
        ToolSpan span = ToolSpan.begin(request.name(), exchange.trace());
        return limit.run(exchange, inTime -> guard.run(inTime, () -> checked(tool, arguments, inTime)))
            .recover(failure -> isForTheEra(failure) ? Future.failedFuture(failure)
                : Future.succeededFuture(ToolResult.error(Failures.tell(request.name(), exchange.trace(), failure))))
            .map(result -> {
                guard.ran(caller, arguments, result.text(), result.isError());
                return new CallToolResult(WireContent.of(result.content()), result.isError(), result.structuredContent(), null);
            })
            .onComplete(outcome -> {
                span.end(outcome);
                meters.record(request.name(), outcome, System.nanoTime() - begun);
            });
    }

    private static boolean isForTheEra(Throwable failure) {
        return failure instanceof InputRequired || failure instanceof InputsUnsupported || failure instanceof UrlElicitationRequired;
    }

    /** The model can correct invalid arguments, so the error is the result of the call (MCP, tools, error handling). */
    private Future<ToolResult> checked(OfferedTool tool, Map<String, Object> arguments, RequestExchange exchange) {
        return LargeWork.isLarge(arguments) ? fit(tool, arguments).compose(fitted -> checked(tool, fitted, exchange))
            : checked(tool, tool.input().fit(arguments), exchange);
    }

    private Future<ToolSchema.Fitted> fit(OfferedTool tool, Map<String, Object> arguments) {
        return large.on(arguments, () -> tool.input().fit(arguments));
    }

    private Future<ToolResult> checked(OfferedTool tool, ToolSchema.Fitted fitted, RequestExchange exchange) {
        if (fitted.problem().isPresent()) {
            return Future.succeededFuture(ToolResult.error("Invalid arguments: " + fitted.problem().get()));
        }
        return policy.run(tool.definition(), fitted.object(), exchange, () -> called(tool, fitted.object(), exchange));
    }

    private static Future<ToolResult> called(OfferedTool tool, Map<String, Object> arguments, RequestExchange exchange) {
        Future<ToolResult> answer = tool.tool().call(toCall(arguments, exchange));
        return answer == null ? null : answer.map(result -> requireResult(tool, result));
    }

    private static ToolCall toCall(Map<String, Object> arguments, RequestExchange exchange) {
        return new ToolCall(exchange.caller(), arguments, exchange.notifier(), exchange.inputs(), exchange.cancelled(), exchange.trace());
    }

    private static ToolResult requireResult(OfferedTool tool, ToolResult result) {
        if (result == null) {
            throw new IllegalStateException("The tool returned no result");
        }
        if (tool.output() != null && !result.isError()) {
            if (result.structuredContent() == null) {
                throw new IllegalStateException("The tool has an output schema and returned no structured content");
            }
            tool.output().problem(result.structuredContent()).ifPresent(problem -> {
                throw new IllegalStateException("The structured content does not match the output schema: " + problem);
            });
        }
        return result;
    }
}

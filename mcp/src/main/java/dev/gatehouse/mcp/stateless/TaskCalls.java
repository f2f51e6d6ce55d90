package dev.gatehouse.mcp.stateless;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.gatehouse.mcp.api.InputResponse;
import dev.gatehouse.mcp.api.Notifier;
import dev.gatehouse.mcp.api.TaskSupport;
import dev.gatehouse.mcp.feature.RequestExchange;
import dev.gatehouse.mcp.feature.McpEngine;
import dev.gatehouse.mcp.feature.OfferedTool;
import dev.gatehouse.mcp.feature.Operations;
import dev.gatehouse.mcp.task.RunningTask;
import dev.gatehouse.mcp.task.TaskInputs;
import dev.gatehouse.mcp.task.TaskStore;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.vertx.core.Future;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Calls of tools that may continue as tasks after their response (extension {@code io.modelcontextprotocol/tasks}, task creation). */
final class TaskCalls {

    static final String EXTENSION = "io.modelcontextprotocol/tasks";

    private static final String TOO_LARGE = "The result is too large to be kept until it is fetched";

    private final Operations operations;
    private final McpEngine engine;
    private final ObjectMapper mapper;
    private final TaskStore store;

    TaskCalls(McpEngine engine, TaskStore store) {
        this.operations = engine.operations();
        this.engine = engine;
        this.mapper = engine.codec().mapper();
        this.store = store;
    }

    /** Returns true if the call may become a task. */
    boolean concerns(CallToolRequest call) {
        return operations.taskSupport(call) != TaskSupport.NEVER;
    }

    /**
     * Runs a call, as a task where it can be one.
     *
     * @return the {@link CallToolResult}, or the {@link RunningTask#summary} of the task; fails as a call does
     */
    Future<Object> run(CallToolRequest call, RequestExchange exchange, StatelessInputs inputs) {
        boolean required = operations.taskSupport(call) == TaskSupport.REQUIRED;
        if (!inputs.client().declaresExtension(EXTENSION)) {
            return required ? Future.failedFuture(StatelessError.missingExtension(EXTENSION)) : plainly(call, exchange);
        }
        return operations.becomesTask(call, exchange).compose(yes -> {
            RunningTask task = yes ? create(call, exchange, inputs) : null;
            if (task != null) {
                Map<String, Object> created = task.summary();
                start(call, task, new RequestExchange(exchange.caller(), Notifier.NONE, engine.checked(new TaskInputs(task, inputs)),
                    task.cancelled(), exchange.trace()));
                return Future.succeededFuture(created);
            }
            return yes && required ? Future.failedFuture(StatelessError.tooMany("There are too many tasks: try again when some have expired"))
                : plainly(call, exchange);
        });
    }

    private Future<Object> plainly(CallToolRequest call, RequestExchange exchange) {
        return operations.call(call, exchange).map(Object.class::cast);
    }

    /** Null if there are too many. */
    private RunningTask create(CallToolRequest call, RequestExchange exchange, StatelessInputs inputs) {
        Map<String, InputResponse> answers = new LinkedHashMap<>();
        inputs.answers().forEach((key, answer) -> answers.put(key, new InputResponse(answer)));
        Set<String> scopes = engine.registry().tool(call.name()).map(OfferedTool::scopes).orElse(Set.of());
        return store.create(exchange.caller(), scopes, answers).orElse(null);
    }

    private void start(CallToolRequest call, RunningTask task, RequestExchange exchange) {
        operations.callAsTask(call, exchange).onComplete(result -> complete(task, result),
            failure -> fail(task, StatelessError.of(call.name(), failure).error()));
    }

    /** Written once, because it is read as often as the client likes, and on a worker thread, because it may have megabytes. */
    private void complete(RunningTask task, CallToolResult result) {
        engine.large().run(true, () -> mapper.writeValueAsString(new StatelessResult(StatelessResult.COMPLETE, Map.of(), result)))
            .onComplete(json -> keep(task, json), failure -> fail(task, StatelessError.of("Writing the result", failure).error()));
    }

    private static void keep(RunningTask task, String json) {
        if (!task.complete(new RawValue(json), json.length())) {
            fail(task, new JSONRPCError(StatelessError.REFUSED, TOO_LARGE, null));
        }
    }

    private static void fail(RunningTask task, JSONRPCError error) {
        task.fail(error, error.message());
    }
}

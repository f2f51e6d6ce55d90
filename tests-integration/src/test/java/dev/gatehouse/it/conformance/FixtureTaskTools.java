package dev.gatehouse.it.conformance;

import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.TaskSupport;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The tools of the official suite whose calls go on as tasks. */
final class FixtureTaskTools {

    private static final long MOMENT_MILLIS = 100;

    private final Vertx vertx;

    FixtureTaskTools(Vertx vertx) {
        this.vertx = vertx;
    }

    List<Tool> all() {
        return List.of(
            TaskTool.of("greet", TaskSupport.NEVER, call -> Future.succeededFuture(ToolResult.of("Hello, " + call.arguments().get("name") + "!"))),
            TaskTool.of("slow_compute", TaskSupport.OPTIONAL, this::compute),
            TaskTool.of("failing_job", TaskSupport.REQUIRED, call -> vertx.timer(MOMENT_MILLIS).map(ToolResult.error("The job failed"))),
            // The suite's clients have no roots to tell, which is an error of the protocol.
            TaskTool.of("protocol_error_job", TaskSupport.OPTIONAL, call -> vertx.timer(MOMENT_MILLIS)
                .compose(later -> call.inputs().ask("roots", InputRequest.roots())).map(ToolResult.of("There are roots"))),
            TaskTool.of("confirm_delete", TaskSupport.OPTIONAL, call -> call.inputs().ask("confirm", form("confirm", "boolean"))
                .map(answer -> ToolResult.of(answer.isAccepted() ? "Deleted" : "Kept"))),
            TaskTool.of("multi_input", TaskSupport.OPTIONAL, call -> call.inputs()
                .ask(Map.of("name", form("name", "string"), "confirm", form("confirm", "boolean")))
                .map(answers -> ToolResult.of("Answered: " + answers.keySet()))),
            new TaskTool("test_tool_with_task", TaskSupport.REQUIRED, call -> name(call).map(true),
                call -> name(call).map(name -> ToolResult.of("Hello, " + name))));
    }

    private Future<ToolResult> compute(ToolCall call) {
        long seconds = call.arguments().get("seconds") instanceof Number number ? number.longValue() : 0;
        ToolResult result = ToolResult.of("Computed " + call.arguments().get("label"));
        return seconds == 0 ? Future.succeededFuture(result) : vertx.timer(seconds * 1_000).map(result);
    }

    private static Future<Object> name(ToolCall call) {
        return call.inputs().ask("user_name", form("name", "string")).map(answer -> answer.content().get("name"));
    }

    private static InputRequest form(String field, String type) {
        return InputRequest.elicitation("Your answer, please: " + field, Map.of("type", "object",
            "properties", Map.of(field, Map.of("type", type)), "required", List.of(field)));
    }

    private record TaskTool(String name, TaskSupport support, Function<ToolCall, Future<Boolean>> decision,
                            Function<ToolCall, Future<ToolResult>> body) implements Tool {

        static TaskTool of(String name, TaskSupport support, Function<ToolCall, Future<ToolResult>> body) {
            return new TaskTool(name, support, call -> Future.succeededFuture(true), body);
        }

        @Override
        public ToolDefinition definition() {
            return new ToolDefinition(name, name, "For the conformance suite: " + name, Schemas.of("{\"type\": \"object\"}"), null,
                ToolHints.reads(), support);
        }

        @Override
        public Set<String> scopes() {
            return Set.of();
        }

        @Override
        public Future<Boolean> becomesTask(ToolCall call) {
            return decision.apply(call);
        }

        @Override
        public Future<ToolResult> call(ToolCall call) {
            return body.apply(call);
        }
    }
}

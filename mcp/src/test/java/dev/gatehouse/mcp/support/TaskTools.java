package dev.gatehouse.mcp.support;

import dev.gatehouse.mcp.api.CallObserver;
import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.TaskSupport;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.feature.McpFeatures;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Tools whose calls go on as tasks, in every way that they can. */
public final class TaskTools {

    /** The tool {@code work} waits for this future. */
    public final Promise<ToolResult> work = Promise.promise();
    /** Completes when a call of {@code work} is cancelled. */
    public final Promise<Void> cancelled = Promise.promise();
    public final AtomicInteger calls = new AtomicInteger();

    public McpFeatures features() {
        Function<ToolCall, Future<Boolean>> always = call -> Future.succeededFuture(true);
        List<Tool> tools = List.of(
            new Sample("work", TaskSupport.OPTIONAL, always, call -> {
                calls.incrementAndGet();
                call.cancelled().onSuccess(gone -> cancelled.tryComplete());
                return work.future();
            }),
            new Sample("quick", TaskSupport.OPTIONAL, call -> Future.succeededFuture(false), call -> Future.succeededFuture(ToolResult.of("at once"))),
            new Sample("must", TaskSupport.REQUIRED, always, call -> {
                calls.incrementAndGet();
                return Future.succeededFuture(ToolResult.error("It went wrong"));
            }),
            new Sample("throws", TaskSupport.OPTIONAL, always, call -> {
                throw new IllegalStateException(SampleTools.SECRET);
            }),
            new Sample("asks", TaskSupport.OPTIONAL, always, TaskTools::ask),
            new Sample("roots", TaskSupport.OPTIONAL, always, call -> call.inputs().ask("roots", InputRequest.roots()).map(ToolResult.of("unreachable"))),
            new Sample("huge", TaskSupport.OPTIONAL, always, call -> Future.succeededFuture(ToolResult.of("x".repeat(6 << 20)))),
            new Sample("first", TaskSupport.REQUIRED, call -> name(call).map(true), call -> name(call).map(name -> ToolResult.of("Hello, " + name))),
            new Sample("plain", TaskSupport.NEVER, always, call -> Future.succeededFuture(ToolResult.of("plain"))));
        return new McpFeatures("tasks", "Tasks", "1.0", null, tools, List.of(), List.of(), CallObserver.NONE);
    }

    private static Future<ToolResult> ask(ToolCall call) {
        return call.inputs().ask(Map.of("colour", form("Which colour?"), "size", form("Which size?")))
            .compose(both -> call.inputs().ask("colour", form("Which colour?")).map(again ->
                ToolResult.of(again.content().get("text") + " " + both.get("size").content().get("text"))));
    }

    private static Future<Object> name(ToolCall call) {
        return call.inputs().ask("name", form("Who?")).map(answer -> answer.content().get("text"));
    }

    private static InputRequest form(String message) {
        return InputRequest.elicitation(message,
            Map.of("type", "object", "properties", Map.of("text", Map.of("type", "string")), "required", List.of("text")));
    }

    private record Sample(String name, TaskSupport support, Function<ToolCall, Future<Boolean>> decision,
                          Function<ToolCall, Future<ToolResult>> body) implements Tool {

        @Override
        public ToolDefinition definition() {
            return new ToolDefinition(name, name, "A sample", Map.of("type", "object", "properties", Map.of("count", Map.of("type", "integer"))),
                null, ToolHints.reads(), support);
        }

        @Override
        public Set<String> scopes() {
            return name.equals("work") ? Set.of("mcp:read", "mcp:write") : Set.of("mcp:read");
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

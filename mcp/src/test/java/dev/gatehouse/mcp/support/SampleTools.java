package dev.gatehouse.mcp.support;

import dev.gatehouse.mcp.api.CallObserver;
import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.Content;
import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.LogLevel;
import dev.gatehouse.mcp.api.McpResource;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.api.ResourceContents;
import dev.gatehouse.mcp.api.ResourceDefinition;
import dev.gatehouse.mcp.api.ResourceNotFound;
import dev.gatehouse.mcp.api.ResourceRead;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.feature.McpFeatures;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Tiny real tools that behave well and in every bad way. */
public final class SampleTools {

    public static final String SECRET = "jdbc:internal-host-name";

    public final Promise<ToolResult> pending = Promise.promise();
    /** Completes when the tool {@code pending} runs. */
    public final Promise<Void> begun = Promise.promise();
    /** Completes when a call of {@code pending} is cancelled, with whether it was told where it had been called. */
    public final Promise<Boolean> cancelled = Promise.promise();
    private final Vertx vertx;

    public SampleTools(Vertx vertx) {
        this.vertx = vertx;
    }

    public McpFeatures features() {
        return features(CallObserver.NONE);
    }

    public McpFeatures features(CallObserver observer) {
        List<Tool> tools = List.of(
            new Sample("echo", Set.of("mcp:read"), SampleTools::echo),
            new Sample("write", Set.of("mcp:read", "mcp:write"), call -> Future.succeededFuture(ToolResult.of("written"))),
            new Sample("open", Set.of(), call -> Future.succeededFuture(ToolResult.of("anybody"))),
            new Sample("slow", Set.of("mcp:read"), call -> vertx.timer(150).map(ToolResult.of("slow"))),
            new Sample("pending", Set.of("mcp:read"), this::pend),
            new Sample("traced", Set.of("mcp:read"),
                call -> Future.succeededFuture(ToolResult.of(call.trace() == null ? "none" : call.trace().traceId()))),
            new Sample("progress", Set.of("mcp:read"), SampleTools::progress),
            new Sample("throws", Set.of("mcp:read"), call -> {
                throw new IllegalStateException(SECRET);
            }),
            new Sample("fails", Set.of("mcp:read"), call -> Future.failedFuture(new IllegalStateException(SECRET))),
            new Sample("refuses", Set.of("mcp:read"), call -> Future.failedFuture(new CallRefused("Quota used up"))),
            new Sample("errs", Set.of("mcp:read"), call -> {
                throw new AssertionError(SECRET);
            }),
            new Sample("overflows", Set.of("mcp:read"), SampleTools::overflow),
            new Sample("logs", Set.of("mcp:read"), SampleTools::logs),
            new Sample("region", Set.of("mcp:read"), call -> Future.succeededFuture(ToolResult.of("there"))),
            new Sample("leaves", Set.of("mcp:read"), this::leave),
            new Sample("reports", Set.of("mcp:read"), call -> call.notifier().progress(1, 2.0, "begun").compose(sent -> pend(call))),
            new Sample("trip", Set.of("mcp:read"), SampleTools::trip),
            new Sample("nullfuture", Set.of("mcp:read"), call -> null),
            new Sample("nullresult", Set.of("mcp:read"), call -> Future.succeededFuture()),
            new Sample("untrue", Set.of("mcp:read"), call -> Future.succeededFuture(ToolResult.of(SECRET, Map.of("text", 5)))),
            new Sample("numbers", Set.of("mcp:read"),
                call -> Future.succeededFuture(new ToolResult(List.of(new Content.Text("[1,2]")), List.of(1, 2), false))),
            new Sample("unstructured", Set.of("mcp:read"), call -> Future.succeededFuture(ToolResult.of(SECRET))),
            new Sample("cyclic", Set.of("mcp:read"), call -> Future.succeededFuture(cyclic())),
            new Sample("huge", Set.of("mcp:read"), call -> Future.succeededFuture(ToolResult.of("x".repeat(3_000_000)))));
        return new McpFeatures("sample", "Sample server", "1.0", "Be kind", tools, List.of(new Profile(), new Notes(), new Locked()), List.of(), observer);
    }

    private static Future<ToolResult> echo(ToolCall call) {
        String subject = call.principal().subject();
        String text = subject + ":" + call.arguments().get("text");
        return Future.succeededFuture(ToolResult.of(text, Map.of("subject", subject, "text", call.arguments().get("text"))));
    }

    private static Future<ToolResult> progress(ToolCall call) {
        return call.notifier().progress(0, 100.0, "begun")
            .compose(sent -> call.notifier().progress(50, 100.0, "half"))
            .map(sent -> ToolResult.of("done"));
    }

    private static Future<ToolResult> logs(ToolCall call) {
        return call.notifier().log(LogLevel.INFO, "sample", "information")
            .compose(sent -> call.notifier().log(LogLevel.ERROR, "sample", Map.of("disk", "full")))
            .map(sent -> ToolResult.of("logged"));
    }

    /** Asks one thing behind the other. */
    private static Future<ToolResult> trip(ToolCall call) {
        return call.inputs().ask("where", form("Where to?")).compose(where -> call.inputs().ask("when", form("When?"))
            .map(when -> ToolResult.of(where.content().get("text") + " " + when.content().get("text"))));
    }

    private Future<ToolResult> pend(ToolCall call) {
        Context here = Vertx.currentContext();
        call.cancelled().onSuccess(gone -> cancelled.tryComplete(Vertx.currentContext() == here));
        begun.tryComplete();
        return pending.future();
    }

    /** Lets the connection go, and says the rest when told to. */
    private Future<ToolResult> leave(ToolCall call) {
        call.notifier().release();
        return call.notifier().progress(1, 2.0, "away").compose(sent -> pending.future());
    }

    private static InputRequest form(String message) {
        return InputRequest.elicitation(message,
            Map.of("type", "object", "properties", Map.of("text", Map.of("type", "string")), "required", List.of("text")));
    }

    private static Future<ToolResult> overflow(ToolCall call) {
        return overflow(call);
    }

    private static ToolResult cyclic() {
        Map<String, Object> cycle = new HashMap<>();
        cycle.put("self", cycle);
        return ToolResult.of("cycle", cycle);
    }

    private record Sample(String name, Set<String> scopes, Function<ToolCall, Future<ToolResult>> body) implements Tool {

        @Override
        public ToolDefinition definition() {
            Map<String, Object> text = Map.of("type", "string", "maxLength", 100);
            Map<String, Object> input = name.equals("region")
                ? Map.of("type", "object", "properties", Map.of("region", Map.of("type", "string", "x-mcp-header", "Region"),
                    "count", Map.of("type", "integer", "x-mcp-header", "Count")))
                : name.equals("echo")
                ? Map.of("type", "object", "properties", Map.of("text", text), "required", List.of("text"))
                : Map.of("type", "object");
            Map<String, Object> output = Set.of("echo", "untrue", "unstructured").contains(name)
                ? Map.of("type", "object", "properties", Map.of("subject", text, "text", text), "required", List.of("subject"))
                : name.equals("numbers") ? Map.of("type", "array", "items", Map.of("type", "integer")) : null;
            return new ToolDefinition(name, "Sample " + name, "A sample", input, output, ToolHints.reads());
        }

        @Override
        public Future<ToolResult> call(ToolCall call) {
            return body.apply(call);
        }
    }

    private static final class Profile implements McpResource {

        @Override
        public ResourceDefinition definition() {
            return new ResourceDefinition("user://profile", "profile", "Profile", "Who you are", "text/plain");
        }

        @Override
        public Set<String> scopes() {
            return Set.of("mcp:read");
        }

        @Override
        public Future<ResourceContents> read(ResourceRead read) {
            return Future.succeededFuture(new ResourceContents(read.uri(), "text/plain", ((Principal) read.caller()).subject()));
        }
    }

    /** Asks before it is read. */
    private static final class Locked implements McpResource {

        @Override
        public ResourceDefinition definition() {
            return new ResourceDefinition("user://locked", "locked", "Locked", "Asks for a word", "text/plain");
        }

        @Override
        public Set<String> scopes() {
            return Set.of("mcp:read");
        }

        @Override
        public Future<ResourceContents> read(ResourceRead read) {
            return read.inputs().ask("word", form("Which word?"))
                .map(answer -> new ResourceContents(read.uri(), "text/plain", "opened by " + answer.content().get("text")));
        }
    }

    private static final class Notes implements McpResource {

        @Override
        public ResourceDefinition definition() {
            return new ResourceDefinition("user://notes/{note_id}", "note", "Note", "A note", "text/plain");
        }

        @Override
        public Set<String> scopes() {
            return Set.of("mcp:read");
        }

        @Override
        public Future<ResourceContents> read(ResourceRead read) {
            String uri = read.uri();
            return switch (uri) {
                case "user://notes/1" -> Future.succeededFuture(new ResourceContents(uri, "text/plain", "first"));
                case "user://notes/never" -> Promise.<ResourceContents>promise().future();
                case "user://notes/broken" -> Future.failedFuture(new IllegalStateException(SECRET));
                default -> Future.failedFuture(new ResourceNotFound(uri));
            };
        }

        @Override
        public Future<List<String>> complete(Caller caller, String argument, String prefix) {
            return prefix.equals("never") ? Promise.<List<String>>promise().future()
                : Future.succeededFuture(Stream.of("1", "12", "2").filter(id -> id.startsWith(prefix)).toList());
        }
    }
}

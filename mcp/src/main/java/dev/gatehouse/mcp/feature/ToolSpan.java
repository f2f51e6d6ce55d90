package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.TraceContext;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.vertx.core.AsyncResult;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingPolicy;

import java.util.List;
import java.util.Map;

/**
 * The span of a tool call, by the tracer of the Vert.x instance if it has one. Its parent is the span that the client names in {@code _meta},
 * else the span of the HTTP request.
 */
final class ToolSpan {

    private static final ToolSpan NONE = new ToolSpan(null, null, null);
    private static final TagExtractor<String> TOOL = new Tags("mcp.method.name", "gen_ai.tool.name");
    private static final TagExtractor<String> ERROR = new Tags("error.type");

    private final ContextInternal context;
    private final VertxTracer<Object, Object> tracer;
    private final Object trace;

    private ToolSpan(ContextInternal context, VertxTracer<Object, Object> tracer, Object trace) {
        this.context = context;
        this.tracer = tracer;
        this.trace = trace;
    }

    /** The attributes with these names. */
    private record Tags(String... names) implements TagExtractor<String> {

        @Override
        public int len(String value) {
            return names.length;
        }

        @Override
        public String name(String value, int index) {
            return names[index];
        }

        @Override
        public String value(String value, int index) {
            return names[index].equals("mcp.method.name") ? "tools/call" : value;
        }
    }

    /** Begins the span of a call on the current context. */
    static ToolSpan begin(String tool, TraceContext client) {
        ContextInternal context = ContextInternal.current();
        if (context == null || context.tracer() == null) {
            return NONE;
        }
        @SuppressWarnings("unchecked")
        VertxTracer<Object, Object> tracer = (VertxTracer<Object, Object>) context.tracer();
        List<Map.Entry<String, String>> parent = client == null ? List.of()
            : List.of(Map.entry("traceparent", "00-" + client.traceId() + "-" + client.parentId() + "-01"));
        return new ToolSpan(context, tracer,
            tracer.receiveRequest(context, SpanKind.RPC, TracingPolicy.PROPAGATE, tool, "tools/call " + tool, parent, TOOL));
    }

    void end(AsyncResult<CallToolResult> outcome) {
        if (trace != null) {
            boolean failed = outcome.succeeded() && Boolean.TRUE.equals(outcome.result().isError());
            tracer.sendResponse(context, failed ? "tool_error" : null, trace, outcome.cause(), ERROR);
        }
    }
}

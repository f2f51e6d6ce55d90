package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.Inputs;
import dev.gatehouse.mcp.api.InputsUnsupported;
import dev.gatehouse.mcp.api.Notifier;
import dev.gatehouse.mcp.api.TraceContext;
import dev.gatehouse.mcp.api.UrlElicitationRequired;
import dev.gatehouse.mcp.feature.FeatureRegistry;
import dev.gatehouse.mcp.feature.Exchange;
import dev.gatehouse.mcp.feature.Operations;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.WireMapper;
import io.modelcontextprotocol.server.McpRequestHandler;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import io.modelcontextprotocol.spec.McpSchema.Request;
import io.modelcontextprotocol.spec.McpSchema.SetLevelRequest;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.vertx.core.Future;
import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Makes sessions of the SDK whose requests are answered by our operations, and knows the open ones. */
final class StatefulSessions {

    private final Operations operations;
    private final WireMapper mapper;
    private final UnaryOperator<Inputs> checking;
    private final Duration requestTimeout;
    private final Map<String, McpRequestHandler<?>> handlers = new HashMap<>();
    private final Set<StatefulSession> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong count = new AtomicLong();

    StatefulSessions(Operations operations, FeatureRegistry catalogue, WireMapper mapper, UnaryOperator<Inputs> checking, Duration requestTimeout) {
        this.operations = operations;
        this.mapper = mapper;
        this.checking = checking;
        this.requestTimeout = requestTimeout;
        operations.methods().forEach(method -> handlers.put(method, handler(method)));
        new ResourceSubscribing(catalogue).addTo(handlers);
        handlers.put("ping", (exchange, params) -> Mono.just(Map.of()));
        handlers.put("logging/setLevel", (exchange, params) -> {
            ((StatefulContext) exchange.transportContext()).session().sdk().setMinLoggingLevel(((SetLevelRequest) params).level());
            return Mono.just(Map.of());
        });
    }

    private McpRequestHandler<Object> handler(String method) {
        return (exchange, params) -> {
            StatefulContext context = (StatefulContext) exchange.transportContext();
            Notifier notifier = StatefulNotifier.of(context, params);
            TraceContext trace = params instanceof Request request ? TraceContext.of(request.meta()) : null;
            Inputs inputs = context.outbound().canAsk() ? new StatefulInputs(exchange, context, mapper, requestTimeout) : Inputs.NONE;
            return Monos.cancellable(cancelled -> operations.run(method, params,
                    new Exchange(context.caller(), notifier, checking.apply(inputs), cancelled, trace))
                .map(StatefulResults::of)
                .recover(failure -> failure instanceof UrlElicitationRequired required
                    ? pagesFirst(required, context.session(), inputs, params) : unsupported(failure, params)));
        };
    }

    /** For a client that knows no pages, the text has to do. */
    private static Future<Object> pagesFirst(UrlElicitationRequired required, StatefulSession session, Inputs inputs, Object params) {
        if (session.hasUrlElicitation() && required.pages().stream().allMatch(inputs::canAnswer)) {
            List<Map<String, Object>> pages = required.pages().stream().map(InputRequest::params).toList();
            return Future.failedFuture(new McpError(new JSONRPCError(JsonRpcErrors.URL_ELICITATION_REQUIRED, required.getMessage(),
                Map.of("elicitations", pages))));
        }
        return told(required.getMessage(), params);
    }

    /** This era has no error code for it, so that of a call goes to the model, as other refusals do. */
    private static Future<Object> unsupported(Throwable failure, Object params) {
        if (!(failure instanceof InputsUnsupported)) {
            return Future.failedFuture(failure);
        }
        return told(failure.getMessage(), params);
    }

    private static Future<Object> told(String message, Object params) {
        return params instanceof CallToolRequest
            ? Future.succeededFuture(new CallToolResult(List.of(new TextContent(null, message, null)), true, null, null))
            : Future.failedFuture(JsonRpcErrors.exception(JsonRpcErrors.REFUSED, message));
    }

    StatefulSession start(InitializeRequest request, Map<?, ?> capabilities) {
        McpStreamableServerSession session = new McpStreamableServerSession(Long.toString(count.incrementAndGet()),
            request.capabilities(), request.clientInfo(), requestTimeout, handlers, Map.of());
        StatefulSession started = new StatefulSession(session, request.protocolVersion(), capabilities);
        open.add(started);
        return started;
    }

    void end(StatefulSession session) {
        if (open.remove(session)) {
            session.close();
        }
    }

    Future<Void> close() {
        Set.copyOf(open).forEach(this::end);
        return Future.succeededFuture();
    }

    /**
     * Results as the revisions until 2025-11-25 may have them: structured content is an object there, and so is what its schema describes. Any
     * other is left out, where a client that checks what it gets would refuse the whole result; the content says the same as text.
     */
    static final class StatefulResults {

        private StatefulResults() {
        }

        static Object of(Object result) {
            if (result instanceof CallToolResult call && call.structuredContent() != null && !(call.structuredContent() instanceof Map)) {
                return new CallToolResult(call.content(), call.isError(), null, call.meta());
            }
            if (result instanceof ListToolsResult list && list.tools().stream().anyMatch(tool -> !describesObjects(tool))) {
                return new ListToolsResult(list.tools().stream().map(StatefulResults::withObjectsAlone).toList(), list.nextCursor(), list.meta());
            }
            return result;
        }

        private static boolean describesObjects(Tool tool) {
            return tool.outputSchema() == null || "object".equals(tool.outputSchema().get("type"));
        }

        private static Tool withObjectsAlone(Tool tool) {
            return describesObjects(tool) ? tool
                : new Tool(tool.name(), tool.title(), tool.description(), tool.inputSchema(), null, tool.annotations(), tool.meta(), tool.icons());
        }
    }
}

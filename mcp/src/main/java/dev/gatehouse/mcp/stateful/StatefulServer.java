package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.Inputs;
import dev.gatehouse.mcp.api.InputsUnsupported;
import dev.gatehouse.mcp.api.LogLevel;
import dev.gatehouse.mcp.api.TraceContext;
import dev.gatehouse.mcp.api.UrlElicitationRequired;
import dev.gatehouse.mcp.feature.Changes;
import dev.gatehouse.mcp.feature.RequestExchange;
import dev.gatehouse.mcp.feature.McpEngine;
import dev.gatehouse.mcp.feature.Operations;
import dev.gatehouse.mcp.feature.PendingRequest;
import dev.gatehouse.mcp.jsonrpc.Failures;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors.BadMessage;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import dev.gatehouse.mcp.stateful.StatefulSession.Handshake;
import dev.gatehouse.shared.text.VisibleText;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import io.modelcontextprotocol.spec.McpSchema.Request;
import io.modelcontextprotocol.spec.McpSchema.SetLevelRequest;
import io.modelcontextprotocol.spec.McpSchema.SubscribeRequest;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.UnsubscribeRequest;
import io.vertx.core.Future;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Serves the revisions until 2025-11-25 on any wire. The wire parses and authenticates a request, has its parameters checked, and hands it to
 * the session. Safe for use from several event loops; handlers run where the request was handed over.
 */
public final class StatefulServer {

    static final int OK = 200;
    private static final Future<Object> DONE = Future.succeededFuture(Map.of());

    private final McpEngine engine;
    private final Operations operations;
    private final Duration answerTimeout;

    /** @param answerTimeout limit of the wait for a client's answer to a question of the server */
    public StatefulServer(McpEngine engine, Duration answerTimeout) {
        this.engine = engine;
        this.operations = engine.operations();
        this.answerTimeout = answerTimeout;
    }

    Changes changes() {
        return engine.changes();
    }

    /** The same future, which fails when the client has not answered in time. */
    <T> Future<T> inTime(Future<T> answer) {
        return answer.timeout(answerTimeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Reads {@code initialize}.
     *
     * @throws BadMessage if a parameter is missing or ill-typed
     */
    public Handshake handshake(JSONRPCRequest initialize) {
        return ClientOutline.read(initialize, engine.codec().mapper());
    }

    /** The response to {@code initialize}. */
    public JSONRPCResponse initialized(JSONRPCRequest initialize, Handshake agreed) {
        return JSONRPCResponse.result(initialize.id(),
            new InitializeResult(agreed.version(), engine.capabilities(), engine.serverInfo(), engine.features().instructions(), null));
    }

    /** Begins a session on a channel that is open already. */
    void initialize(StatefulSession<?> session, JSONRPCRequest request, MessageSink sink) {
        JSONRPCResponse response;
        try {
            Handshake agreed = handshake(request);
            session.begin(agreed);
            session.sendChanges();
            response = initialized(request, agreed);
        } catch (BadMessage e) {
            response = e.response();
        }
        sink.answer(OK, response).onComplete(sent -> sink.finish());
    }

    void run(StatefulSession<?> session, JSONRPCRequest request, Caller caller, PendingRequest pending) {
        answer(session, request, caller, pending).onComplete(
            result -> pending.respond(OK, JSONRPCResponse.result(request.id(), result)),
            failure -> pending.respond(OK, JsonRpcErrors.response(request.id(), error(request, failure))));
    }

    private static JSONRPCError error(JSONRPCRequest request, Throwable failure) {
        return failure instanceof McpError error && error.getJsonRpcError() != null ? error.getJsonRpcError()
            : new JSONRPCError(JsonRpcErrors.INTERNAL_ERROR, Failures.tell(request.method(), null, failure), null);
    }

    private Future<Object> answer(StatefulSession<?> session, JSONRPCRequest request, Caller caller, PendingRequest pending) {
        try {
            return session.isBegun() ? dispatch(session, request, caller, pending) : beforeHandshake(request);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** A ping may come before the handshake. The error for a stateless method tells a client that this connection does not support it. */
    private static Future<Object> beforeHandshake(JSONRPCRequest request) {
        return switch (request.method()) {
            case "ping" -> DONE;
            case "server/discover" -> notFound(request);
            default -> Future.failedFuture(JsonRpcErrors.exception(JsonRpcErrors.REFUSED, "Not initialized: send initialize first"));
        };
    }

    private static Future<Object> notFound(JSONRPCRequest request) {
        return Future.failedFuture(JsonRpcErrors.exception(JsonRpcErrors.METHOD_NOT_FOUND, "Method not found: " + VisibleText.name(request.method())));
    }

    private Future<Object> dispatch(StatefulSession<?> session, JSONRPCRequest request, Caller caller, PendingRequest pending) {
        switch (request.method()) {
            case "ping":
                return DONE;
            case "logging/setLevel":
                session.logLevel(LogLevel.valueOf(((SetLevelRequest) request.params()).level().name()));
                return DONE;
            case "resources/subscribe":
                return subscribe(session, ((SubscribeRequest) request.params()).uri());
            case "resources/unsubscribe":
                session.unsubscribe(((UnsubscribeRequest) request.params()).uri());
                return DONE;
            default:
                return operations.methods().contains(request.method()) ? operate(session, request, caller, pending) : notFound(request);
        }
    }

    private Future<Object> subscribe(StatefulSession<?> session, String uri) {
        if (engine.registry().resource(uri).isEmpty()) {
            return Future.failedFuture(Failures.notFound(uri));
        }
        return session.subscribe(uri) ? DONE
            : Future.failedFuture(JsonRpcErrors.exception(JsonRpcErrors.REFUSED, "Too many subscriptions: unsubscribe from some first"));
    }

    private Future<Object> operate(StatefulSession<?> session, JSONRPCRequest request, Caller caller, PendingRequest pending) {
        Object params = request.params();
        Inputs inputs = pending.canAsk() ? new StatefulInputs(session, pending, engine.codec().mapper()) : Inputs.NONE;
        TraceContext trace = params instanceof Request typed ? TraceContext.of(typed.meta()) : null;
        RequestExchange exchange = new RequestExchange(caller, StatefulNotifier.of(session, pending, params), engine.checked(inputs), pending.cancelled(), trace);
        return operations.run(request.method(), params, exchange).map(StatefulResults::of)
            .recover(failure -> recover(session, inputs, params, failure));
    }

    /** This era has no error code for some failures of a call, so the model gets the message, as with other refusals. */
    private static Future<Object> recover(StatefulSession<?> session, Inputs inputs, Object params, Throwable failure) {
        if (failure instanceof UrlElicitationRequired required) {
            return session.hasUrlElicitation() && required.pages().stream().allMatch(inputs::canAnswer) ? pagesFirst(required)
                : refuse(required.getMessage(), params);
        }
        return failure instanceof InputsUnsupported ? refuse(failure.getMessage(), params) : Future.failedFuture(failure);
    }

    private static Future<Object> pagesFirst(UrlElicitationRequired required) {
        List<Map<String, Object>> pages = required.pages().stream().map(InputRequest::params).toList();
        return Future.failedFuture(new McpError(new JSONRPCError(JsonRpcErrors.URL_ELICITATION_REQUIRED, required.getMessage(),
            Map.of("elicitations", pages))));
    }

    private static Future<Object> refuse(String message, Object params) {
        return params instanceof CallToolRequest
            ? Future.succeededFuture(new CallToolResult(List.of(new TextContent(null, message, null)), true, null, null))
            : Future.failedFuture(JsonRpcErrors.exception(JsonRpcErrors.REFUSED, message));
    }

    /**
     * Results as the revisions until 2025-11-25 allow them: structured content and its schema are objects. Others are left out, because a strict
     * client would refuse the whole result; the content says the same as text.
     */
    private static final class StatefulResults {

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

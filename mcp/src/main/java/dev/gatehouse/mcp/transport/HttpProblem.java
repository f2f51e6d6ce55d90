package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.MessageCodec;
import dev.gatehouse.mcp.stateful.SessionRegistry.TooManySessions;
import dev.gatehouse.shared.http.LastAnswer;
import dev.gatehouse.shared.http.RequestLog;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** An error of the transport: an HTTP status with a JSON-RPC error as its body. */
final class HttpProblem extends RuntimeException {

    private static final int RETRY_SECONDS = 30;
    private static final int SOON_SECONDS = 2;

    private final int status;
    private final int retrySeconds;
    private final transient JSONRPCResponse body;

    HttpProblem(int status, String message) {
        this(status, JsonRpcErrors.response(null, JsonRpcErrors.INVALID_REQUEST, message));
    }

    HttpProblem(int status, JSONRPCResponse body) {
        this(status, body, RETRY_SECONDS);
    }

    private HttpProblem(int status, JSONRPCResponse body, int retrySeconds) {
        super(body.error().message(), null, false, false);
        this.status = status;
        this.retrySeconds = retrySeconds;
        this.body = body;
    }

    static HttpProblem of(TooManySessions refusal, Object id) {
        return new HttpProblem(503,
            JsonRpcErrors.response(id, JsonRpcErrors.REFUSED, refusal.getMessage()));
    }

    /** The pending messages use all permitted memory. The rest of the body is read and dropped. */
    static HttpProblem busy() {
        return new HttpProblem(503, JsonRpcErrors.response(null, JsonRpcErrors.REFUSED,
            "Too many large messages, of all clients or of this one. Try again soon."), SOON_SECONDS);
    }

    /** Sends it, unless a response has begun or the client has disconnected. */
    void send(RoutingContext context, MessageCodec codec) {
        HttpServerResponse response = context.response();
        if (response.headWritten() || response.closed()) {
            return;
        }
        RequestLog.reason(context, getMessage());
        if (status == 413 || status == 408) {
            // The rest of the body is not worth reading.
            LastAnswer.on(context.request());
            context.addEndHandler(answered -> LastAnswer.leaveBody(context.vertx(), context.request()));
        }
        if (status == 429 || status == 503) {
            response.putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(retrySeconds));
        }
        response.setStatusCode(status)
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
            .end(Buffer.buffer(codec.encode(body)));
    }
}

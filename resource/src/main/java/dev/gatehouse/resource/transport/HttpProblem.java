package dev.gatehouse.resource.transport;

import dev.gatehouse.resource.protocol.JsonRpcErrors;
import dev.gatehouse.resource.protocol.MessageCodec;
import dev.gatehouse.resource.session.TooManySessions;
import dev.gatehouse.shared.http.LastAnswer;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** A refusal of the transport itself: an HTTP status with a JSON-RPC error as its body. */
final class HttpProblem extends RuntimeException {

    private final int status;
    private final transient JSONRPCResponse body;

    HttpProblem(int status, String message) {
        this(status, JsonRpcErrors.response(null, JsonRpcErrors.INVALID_REQUEST, message));
    }

    HttpProblem(int status, JSONRPCResponse body) {
        super(body.error().message(), null, false, false);
        this.status = status;
        this.body = body;
    }

    static HttpProblem of(TooManySessions refusal, Object id) {
        return new HttpProblem(refusal.isOfPrincipal() ? 429 : 503,
            JsonRpcErrors.response(id, JsonRpcErrors.REFUSED, refusal.getMessage()));
    }

    /** Answers with it, unless the answer has begun or the client is gone. */
    void send(RoutingContext context, MessageCodec codec) {
        HttpServerResponse response = context.response();
        if (response.headWritten() || response.closed()) {
            return;
        }
        if (status == 413 || status == 408) {
            // The rest of the body is not worth reading.
            LastAnswer.on(context.request());
            context.addEndHandler(answered -> LastAnswer.leaveBody(context.vertx(), context.request()));
        }
        if (status == 429 || status == 503) {
            response.putHeader(HttpHeaders.RETRY_AFTER, "30");
        }
        response.setStatusCode(status)
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
            .end(Buffer.buffer(codec.encode(body)));
    }
}

package dev.gatehouse.resource.transport;

import dev.gatehouse.resource.protocol.MessageCodec;
import dev.gatehouse.resource.protocol.Outbound;
import dev.gatehouse.resource.tool.Principal;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * The answer to one POST of Streamable HTTP: one JSON object if the response comes first, and a stream of events from the
 * first message that comes before it.
 */
final class HttpReply implements Outbound {

    private static final CharSequence JSON = HttpHeaders.createOptimized(MediaTypes.JSON);
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

    private final RoutingContext request;
    private final Principal principal;
    private final MessageCodec codec;
    private final OpenStreams streams;
    private final McpTransportOptions options;
    private final ReplyStream.Opener opener;
    private final Context context;
    private final Thread thread = Thread.currentThread();
    private volatile Runnable beforeClose = () -> { };
    private ReplyStream stream;

    HttpReply(RoutingContext request, Principal principal, MessageCodec codec, OpenStreams streams, McpTransportOptions options,
              ReplyStream.Opener opener) {
        this.request = request;
        this.principal = principal;
        this.codec = codec;
        this.streams = streams;
        this.options = options;
        this.opener = opener;
        this.context = request.vertx().getOrCreateContext();
    }

    /** The status counts only if nothing has been said before. */
    @Override
    public Future<Void> answer(int status, JSONRPCResponse response) {
        if (Thread.currentThread() != thread) {
            Promise<Void> promise = Promise.promise();
            context.runOnContext(go -> answer(status, response).onComplete(promise));
            return promise.future();
        }
        if (stream == null && !request.response().headWritten()) {
            request.response().setStatusCode(status);
        }
        return send(response);
    }

    @Override
    public Future<Void> send(JSONRPCMessage message) {
        byte[] json = codec.encode(message);
        boolean isResponse = message instanceof JSONRPCResponse;
        if (Thread.currentThread() == thread) {
            return sendNow(json, isResponse);
        }
        Promise<Void> promise = Promise.promise();
        context.runOnContext(go -> sendNow(json, isResponse).onComplete(promise));
        return promise.future();
    }

    private Future<Void> sendNow(byte[] json, boolean isResponse) {
        HttpServerResponse response = request.response();
        if (stream == null && isResponse) {
            return response.closed() || response.ended() ? Future.failedFuture(new SseStream.StreamEnded())
                : response.putHeader(HttpHeaders.CONTENT_TYPE, JSON).putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
                    .end(Buffer.buffer(json));
        }
        return stream().send(json);
    }

    /** Makes it a stream before there is anything to say. On the thread that it was made on. */
    void begin() {
        stream();
    }

    private ReplyStream stream() {
        if (stream == null && MessageGate.isGone(request)) {
            stream = ReplyStream.GONE;
        } else if (stream == null) {
            SseStream connection = new SseStream(request.vertx(), request.request(), options.queueBytes());
            connection.open();
            streams.add(request, principal, connection, () -> beforeClose.run());
            stream = opener.open(request, connection);
        }
        return stream;
    }

    @Override
    public void beforeClose(Runnable action) {
        beforeClose = action;
    }

    @Override
    public void release() {
        if (Thread.currentThread() != thread) {
            context.runOnContext(go -> release());
        } else if (!request.response().ended() && !request.response().closed()) {
            stream().release();
        }
    }

    /** Ends the stream. A request that was cancelled before anything was said is answered with a stream of nothing. */
    @Override
    public void finish() {
        if (Thread.currentThread() != thread) {
            context.runOnContext(go -> finish());
        } else if (stream != null) {
            stream.finish();
        } else if (!request.response().ended() && !request.response().closed()) {
            stream().finish();
        }
    }
}

package dev.gatehouse.resource.transport;

import dev.gatehouse.resource.protocol.MessageCodec;
import dev.gatehouse.resource.protocol.Outbound;
import dev.gatehouse.resource.tool.Principal;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Future;
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
    private static final int ACCEPTED = 202;
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

    private final RoutingContext request;
    private final Principal principal;
    private final MessageCodec codec;
    private final OpenStreams streams;
    private final McpTransportOptions options;
    private final ReplyStream.Opener opener;
    /** A client that takes JSON alone gets the answer, and nothing that would come before it. */
    private final boolean mayStream;
    private final OwnContext context;
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
        this.mayStream = MediaTypes.accepts(request.request().getHeader(HttpHeaders.ACCEPT), MediaTypes.EVENT_STREAM);
        this.context = new OwnContext(request.vertx());
    }

    /** The status counts only if nothing has been said before. */
    @Override
    public Future<Void> answer(int status, JSONRPCResponse response) {
        byte[] json = codec.encode(response);
        return context.run(() -> {
            if (stream == null && !request.response().headWritten()) {
                request.response().setStatusCode(status);
            }
            return sendNow(json, true);
        });
    }

    @Override
    public Future<Void> send(JSONRPCMessage message) {
        boolean isResponse = message instanceof JSONRPCResponse;
        if (!isResponse && !mayStream) {
            return Future.succeededFuture();
        }
        return Future.succeededFuture(message).map(codec::encode).compose(json -> context.run(() -> sendNow(json, isResponse)));
    }

    @Override
    public boolean canAsk() {
        return mayStream;
    }

    private Future<Void> sendNow(byte[] json, boolean isResponse) {
        HttpServerResponse response = request.response();
        if (stream == null && isResponse) {
            return isOver() ? Future.failedFuture(new SseStream.StreamEnded())
                : response.putHeader(HttpHeaders.CONTENT_TYPE, JSON).putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
                    .end(Buffer.buffer(json));
        }
        return stream().send(json);
    }

    /** Makes it a stream before there is anything to say. To be called where it was made. */
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
        context.execute(() -> {
            if (mayStream && !isOver()) {
                stream().release();
            }
        });
    }

    private boolean isOver() {
        return request.response().ended() || request.response().closed();
    }

    private void finishUnanswered() {
        if (mayStream) {
            stream().finish();
        } else {
            request.response().setStatusCode(ACCEPTED).end();
        }
    }

    /** Ends the stream. A request that was cancelled before anything was said is answered with a stream of nothing. */
    @Override
    public void finish() {
        context.execute(() -> {
            if (stream != null) {
                stream.finish();
            } else if (!isOver()) {
                finishUnanswered();
            }
        });
    }
}

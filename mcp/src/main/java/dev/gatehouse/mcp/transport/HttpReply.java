package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.jsonrpc.MessageCodec;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import dev.gatehouse.shared.http.HeldMemory;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import dev.gatehouse.shared.http.MediaTypes;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

import java.util.function.Consumer;

/**
 * The reply to one POST of Streamable HTTP: one JSON object if the response is the first message, and otherwise a stream of events.
 */
final class HttpReply implements MessageSink {

    private static final CharSequence JSON = HttpHeaders.createOptimized(MediaTypes.JSON);
    private static final int ACCEPTED = 202;
    private static final int SILENT_SECONDS = 15;
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

    private final RoutingContext request;
    private final Principal principal;
    private final MessageCodec codec;
    private final StreamRegistry streams;
    private final McpTransportOptions options;
    private final ReplyStream.Opener opener;
    /** A client that accepts JSON alone gets the response, and no message before it. */
    private final boolean mayStream;
    /** The memory of the message, and then of its response. */
    private final HeldMemory.Share message;
    private final OwnContext context;
    private volatile Consumer<Ending> onEnding = why -> { };
    private ReplyStream stream;

    HttpReply(RoutingContext request, Principal principal, MessageCodec codec, StreamRegistry streams, McpTransportOptions options,
              ReplyStream.Opener opener) {
        this.request = request;
        this.principal = principal;
        this.codec = codec;
        this.streams = streams;
        this.options = options;
        this.opener = opener;
        this.message = MessageGate.takeOver(request);
        this.mayStream = MediaTypes.accepts(request.request(), MediaTypes.EVENT_STREAM);
        this.context = new OwnContext(request.vertx());
    }

    /** The status is used only for the first message. */
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
        if (stream != null || !isResponse) {
            return stream().send(json);
        }
        return isOver() ? Future.failedFuture(new SseStream.StreamEnded())
            : endWith(request.response().headWritten() ? request.response() : jsonHead(), json);
    }

    private Future<Void> endWith(HttpServerResponse response, byte[] json) {
        // The response takes the place of the message until the client has read it.
        message.holdInstead(json.length);
        return response.end(Buffer.buffer(json)).onComplete(written -> message.release());
    }

    /** Makes it a stream before the first message. To be called on the context that created it. */
    void begin() {
        stream();
    }

    private ReplyStream stream() {
        if (stream == null && MessageGate.isGone(request)) {
            stream = ReplyStream.GONE;
        } else if (stream == null) {
            SseStream connection = streams.prepare(request, principal);
            connection.open();
            streams.add(request, principal, connection, this::end);
            stream = opener.open(request, connection);
        }
        return stream;
    }

    @Override
    public void onEnding(Consumer<Ending> action) {
        onEnding = action;
    }

    /** The response may still be sent, within its own time limit; a revoked token gets none. */
    private boolean end(Ending why) {
        onEnding.accept(why);
        if (why == Ending.REVOKED) {
            finish();
        }
        return true;
    }

    /**
     * Keeps the connection alive while the client waits, because proxies and this server close silent ones. The reply becomes a stream with
     * comments; for a client that accepts JSON alone, white space is sent.
     */
    void keepAlive() {
        if (stream == null && !isOver()) {
            long timer = request.vertx().setPeriodic(Math.min(SILENT_SECONDS, options.keepAliveSeconds()) * 1000L,
                silent -> context.execute(this::breakSilence));
            MessageGate.atEnd(request, () -> request.vertx().cancelTimer(timer));
        }
    }

    private void breakSilence() {
        if (isOver()) {
            return;
        }
        if (mayStream) {
            stream();
        } else {
            if (!request.response().headWritten()) {
                jsonHead().setChunked(request.request().version() != HttpVersion.HTTP_2);
            }
            // RFC 8259 §2: insignificant before a value.
            request.response().write(" ");
        }
    }

    private HttpServerResponse jsonHead() {
        return request.response().putHeader(HttpHeaders.CONTENT_TYPE, JSON).putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
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
        } else if (request.response().headWritten()) {
            // The status has been sent, and an empty body is no JSON.
            request.response().reset();
        } else {
            request.response().setStatusCode(ACCEPTED).end();
        }
    }

    /** Ends the stream. A request that was cancelled before the first message gets an empty stream. */
    @Override
    public void finish() {
        message.release();
        context.execute(() -> {
            if (stream != null) {
                stream.finish();
            } else if (!isOver()) {
                finishUnanswered();
            }
        });
    }
}

package dev.gatehouse.shared.http;

import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * Reads the whole body of a request, in memory that is bounded for it and for all together, and in bounded time: a sender who drips bytes
 * is not waited for. A client that asks whether to send the body is told to.
 */
public final class BoundedBody {

    private static final long DEADLINE_MILLIS = 10_000;
    private static final String CONTINUE = "100-continue";

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final int maximumBytes;
    private final HeldMemory.Share memory;
    private final Promise<Buffer> whole = Promise.promise();
    private Buffer read = Buffer.buffer();
    private boolean copied;
    private long timer = -1;

    private BoundedBody(Vertx vertx, HttpServerRequest request, int maximumBytes) {
        this.vertx = vertx;
        this.request = request;
        this.maximumBytes = maximumBytes;
        this.memory = HeldMemory.of(vertx).share(String.valueOf(request.remoteAddress().hostAddress()));
    }

    /** The body was longer or slower than this server takes, or did not arrive whole. The connection is closed after the answer. */
    public static final class UnreadableBody extends RuntimeException {

        private final OAuthErrorCode code;

        UnreadableBody(OAuthErrorCode code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        /** The same, as an OAuth endpoint says it. */
        public OAuthException refusal() {
            return new OAuthException(code, getMessage());
        }
    }

    /**
     * Begins to read at once, so it is called before anything asynchronous.
     *
     * @return the body; or {@link UnreadableBody}
     */
    public static Future<Buffer> read(Vertx vertx, HttpServerRequest request, int maximumBytes) {
        BoundedBody body = new BoundedBody(vertx, request, maximumBytes);
        request.handler(body::add);
        request.endHandler(end -> body.finish());
        request.exceptionHandler(broken -> body.fail(new UnreadableBody(OAuthErrorCode.INVALID_REQUEST, "The request did not arrive whole")));
        if (declaresMore(request, maximumBytes)) {
            body.refuseLength();
        } else {
            invite(request);
        }
        return body.whole.future().compose(bytes -> FairTurns.next(vertx, request.connection(), bytes));
    }

    /** Whether the request announces a longer body: no byte of it is then worth reading. */
    public static boolean declaresMore(HttpServerRequest request, int maximumBytes) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null && (length.length() > 18 || Long.parseLong(length) > maximumBytes);
    }

    /** Tells a client that asks (RFC 9110 §10.1.1) to send the body. HTTP/1.0 has no such answer. */
    public static void invite(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_1_0 && CONTINUE.equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
    }

    private void add(Buffer chunk) {
        if (whole.future().isComplete()) {
            return;
        }
        if (read.length() + chunk.length() > maximumBytes) {
            refuseLength();
            return;
        }
        if (!memory.take(chunk.length())) {
            refuse(OAuthErrorCode.TEMPORARILY_UNAVAILABLE, "The server holds as many requests as it can. Try again soon");
            return;
        }
        append(chunk);
        if (timer < 0 && !isWhole()) {
            // Most bodies come in one piece, and cost no timer.
            timer = vertx.setTimer(DEADLINE_MILLIS, late -> refuse(OAuthErrorCode.INVALID_REQUEST, "The request did not arrive in time"));
        }
    }

    private void append(Buffer chunk) {
        if (read.length() == 0) {
            read = chunk;
        } else {
            read = copied ? read : read.copy();
            copied = true;
            read.appendBuffer(chunk);
        }
    }

    private boolean isWhole() {
        return Integer.toString(read.length()).equals(request.getHeader("Content-Length"));
    }

    private void refuseLength() {
        refuse(OAuthErrorCode.REQUEST_TOO_LONG, "The request is too long");
    }

    private void refuse(OAuthErrorCode code, String reason) {
        // The header alone would have the connection wait for the rest of the body.
        LastAnswer.on(request).endHandler(answered -> LastAnswer.leaveBody(vertx, request));
        fail(new UnreadableBody(code, reason));
    }

    private void finish() {
        cancelTimer();
        memory.release();
        whole.tryComplete(read);
    }

    private void fail(Throwable reason) {
        cancelTimer();
        memory.release();
        read = Buffer.buffer();
        whole.tryFail(reason);
    }

    private void cancelTimer() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
    }
}

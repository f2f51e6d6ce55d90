package dev.gatehouse.shared.http;

import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

import java.util.function.Consumer;

/**
 * Reads a request body with limits on its size, its time, and the memory of all bodies together. Answers
 * {@code Expect: 100-continue}.
 */
public final class BoundedBody {

    private static final long DEADLINE_MILLIS = 10_000;
    private static final String CONTINUE = "100-continue";

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final int maximumBytes;
    private final HeldMemory.Share memory;
    private final Consumer<Handler<Void>> afterAnswer;
    private final Promise<Buffer> whole = Promise.promise();
    private Buffer read = Buffer.buffer();
    private boolean copied;
    private long timer = -1;

    /** @param afterAnswer takes what to do after the response */
    private BoundedBody(Vertx vertx, HttpServerRequest request, int maximumBytes, Consumer<Handler<Void>> afterAnswer) {
        this.vertx = vertx;
        this.afterAnswer = afterAnswer;
        this.request = request;
        this.maximumBytes = maximumBytes;
        this.memory = HeldMemory.of(vertx).share(String.valueOf(request.remoteAddress().hostAddress()));
    }

    /**
     * Reads the body of a routed request. Starts reading immediately, so call it before anything asynchronous.
     *
     * @param context the context of the request
     * @param maximumBytes the largest body
     * @return as {@link #read(Vertx, HttpServerRequest, int)}
     */
    public static Future<Buffer> read(RoutingContext context, int maximumBytes) {
        // The context has handlers of its own at the end of the response, and a response has only one.
        return CapturedBodies.request(context,
            read(context.vertx(), context.request(), maximumBytes, action -> context.addEndHandler(answered -> action.handle(null))));
    }

    /**
     * Reads a body. Starts reading immediately, so call it before anything asynchronous.
     *
     * @param vertx the Vert.x instance
     * @param request the request
     * @param maximumBytes the largest body
     * @return the body; fails with an {@link OAuthException} if it is too long, too slow or incomplete. The connection is closed after
     *     the response then
     */
    public static Future<Buffer> read(Vertx vertx, HttpServerRequest request, int maximumBytes) {
        return read(vertx, request, maximumBytes, request.response()::endHandler);
    }

    private static Future<Buffer> read(Vertx vertx, HttpServerRequest request, int maximumBytes, Consumer<Handler<Void>> afterAnswer) {
        BoundedBody body = new BoundedBody(vertx, request, maximumBytes, afterAnswer);
        request.handler(body::add);
        request.endHandler(end -> body.finish());
        request.exceptionHandler(broken -> body.fail(broken()));
        if (isBroken(request)) {
            body.fail(broken());
        } else if (declaresMore(request, maximumBytes)) {
            body.refuseLength();
        } else {
            invite(request);
        }
        return body.whole.future();
    }

    private static OAuthException broken() {
        return new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The request body is incomplete");
    }

    /**
     * {@return whether the body is malformed} Vert.x reports this once, possibly before a handler is set.
     *
     * @param request the request
     */
    public static boolean isBroken(HttpServerRequest request) {
        return !request.isEnded() && RequestFraming.isRefused(request.connection());
    }

    /**
     * {@return whether {@code Content-Length} is above the limit} Such a body is not read at all.
     *
     * @param request the request
     * @param maximumBytes the limit
     */
    public static boolean declaresMore(HttpServerRequest request, int maximumBytes) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null && (length.length() > 18 || Long.parseLong(length) > maximumBytes);
    }

    /**
     * Sends {@code 100 Continue} if the client expects it (RFC 9110 §10.1.1). HTTP/1.0 has no such response.
     *
     * @param request the request
     */
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
            refuse(OAuthErrorCode.TEMPORARILY_UNAVAILABLE, "The server has no memory for further requests. Try again later");
            return;
        }
        append(chunk);
        if (timer < 0 && !isWhole()) {
            // Most bodies arrive in one piece and need no timer.
            timer = vertx.setTimer(DEADLINE_MILLIS, late -> refuse(OAuthErrorCode.INVALID_REQUEST, "The request body did not arrive in time"));
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
        return Integer.toString(read.length()).equals(request.getHeader(HttpHeaders.CONTENT_LENGTH));
    }

    private void refuseLength() {
        refuse(OAuthErrorCode.REQUEST_TOO_LONG, "The request body is too long");
    }

    private void refuse(OAuthErrorCode code, String reason) {
        // With the header alone the connection would wait for the rest of the body.
        LastAnswer.on(request);
        afterAnswer.accept(answered -> LastAnswer.leaveBody(vertx, request));
        fail(new OAuthException(code, reason));
    }

    private void finish() {
        cancelTimer();
        memory.release();
        FairTurns.take(vertx, request.connection(), () -> whole.tryComplete(read));
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

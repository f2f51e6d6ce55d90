package dev.gatehouse.mcp.transport;

import dev.gatehouse.shared.http.BoundedBody;
import dev.gatehouse.shared.http.FairTurns;
import dev.gatehouse.shared.http.HeldMemory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Reads a request body that has a largest size and a deadline. */
final class RequestBody {

    private final HttpServerRequest request;
    private final int limit;
    private final HeldMemory.Share share;
    private final Promise<Buffer> promise = Promise.promise();
    private Buffer received;
    private boolean copied;

    private RequestBody(HttpServerRequest request, int limit, HeldMemory.Share share) {
        this.request = request;
        this.share = share;
        this.limit = limit;
    }

    /**
     * The body; fails with {@link HttpProblem} 413, 408 or 503. The request may be paused.
     *
     * @param share takes what has been read
     */
    static Future<Buffer> read(Vertx vertx, HttpServerRequest request, McpTransportOptions options, HeldMemory.Share share) {
        RequestBody body = new RequestBody(request, options.bodyBytes(), share);
        if (BoundedBody.isBroken(request)) {
            return Future.failedFuture(broken());
        }
        if (BoundedBody.declaresMore(request, options.bodyBytes())) {
            return Future.failedFuture(body.tooLarge());
        }
        Future<Buffer> whole = body.start(vertx);
        // Most bodies come together with their head, and need no timer.
        vertx.runOnContext(handled -> {
            if (!whole.isComplete()) {
                body.limit(vertx, whole, options.requestSeconds() * 1000L);
            }
        });
        return whole;
    }

    private static HttpProblem broken() {
        return new HttpProblem(400, "The request body is incomplete");
    }

    private HttpProblem tooLarge() {
        return new HttpProblem(413, "The message is larger than " + limit + " bytes");
    }

    private Future<Buffer> start(Vertx vertx) {
        BoundedBody.invite(request);
        request.exceptionHandler(broken -> fail(broken()))
            .handler(this::append)
            .endHandler(end -> FairTurns.take(vertx, request.connection(), this::finish))
            .resume();
        return promise.future();
    }

    private void limit(Vertx vertx, Future<Buffer> whole, long millis) {
        long deadline = vertx.setTimer(millis, late -> fail(new HttpProblem(408, "The request body took too long")));
        whole.onComplete(outcome -> vertx.cancelTimer(deadline));
    }

    private void append(Buffer chunk) {
        int length = chunk.length() + (received == null ? 0 : received.length());
        if (promise.future().isComplete()) {
            return;
        }
        if (length > limit) {
            fail(tooLarge());
        } else if (share.take(chunk.length())) {
            keep(chunk);
        } else {
            fail(HttpProblem.busy());
        }
    }

    /** Most bodies come in one piece and are not copied; the others once, and not again for each piece. */
    private void keep(Buffer chunk) {
        if (received == null) {
            received = chunk;
            return;
        }
        received = copied ? received : received.copy();
        copied = true;
        received.appendBuffer(chunk);
    }

    private void finish() {
        promise.tryComplete(received == null ? Buffer.buffer() : received);
    }

    private void fail(Throwable failure) {
        if (promise.tryFail(failure)) {
            received = null;
            share.release();
        }
    }
}

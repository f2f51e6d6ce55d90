package dev.gatehouse.resource.transport;

import dev.gatehouse.shared.http.BoundedBody;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** Reads a request body that has a largest size and a deadline. */
final class RequestBody {

    private final HttpServerRequest request;
    private final int limit;
    private final Promise<Buffer> promise = Promise.promise();
    private Buffer received;
    private boolean copied;

    private RequestBody(HttpServerRequest request, int limit) {
        this.request = request;
        this.limit = limit;
    }

    /** The body; fails with {@link HttpProblem} 413 or 408. The request may be paused. */
    static Future<Buffer> read(Vertx vertx, HttpServerRequest request, McpTransportOptions options) {
        RequestBody body = new RequestBody(request, options.bodyBytes());
        if (body.declaresTooMuch()) {
            return Future.failedFuture(body.tooLarge());
        }
        long deadline = vertx.setTimer(options.requestSeconds() * 1000L,
            timer -> body.fail(new HttpProblem(408, "The request body took too long")));
        return body.start().onComplete(outcome -> vertx.cancelTimer(deadline));
    }

    private boolean declaresTooMuch() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null && (length.length() > 18 || Long.parseLong(length) > limit);
    }

    private HttpProblem tooLarge() {
        return new HttpProblem(413, "The message is larger than " + limit + " bytes");
    }

    private Future<Buffer> start() {
        BoundedBody.invite(request);
        request.exceptionHandler(broken -> fail(new HttpProblem(400, "The request did not arrive whole")))
            .handler(this::append)
            .endHandler(end -> promise.tryComplete(received == null ? Buffer.buffer() : received))
            .resume();
        return promise.future();
    }

    private void append(Buffer chunk) {
        int length = chunk.length() + (received == null ? 0 : received.length());
        if (length > limit) {
            fail(tooLarge());
        } else if (!promise.future().isComplete()) {
            keep(chunk);
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

    private void fail(Throwable failure) {
        received = null;
        promise.tryFail(failure);
    }
}

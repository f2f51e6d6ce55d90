package dev.gatehouse.authz.endpoint;

import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Reads the form of a request, up to a size that no honest client reaches. */
final class FormBody {

    private static final int MAXIMUM_BYTES = 64 * 1024;

    private final Promise<Buffer> whole = Promise.promise();
    private Buffer read = Buffer.buffer();

    private FormBody() {
    }

    /**
     * Begins to read at once, so it is called before anything asynchronous.
     *
     * @return the parameters; or {@code invalid_request} for another content type, a malformed escape or too long a body
     */
    static Future<FormParameters> read(HttpServerRequest request) {
        FormBody body = new FormBody();
        request.handler(chunk -> body.add(request, chunk));
        request.endHandler(end -> body.whole.tryComplete(body.read));
        request.exceptionHandler(body.whole::tryFail);
        return body.whole.future().map(bytes -> FormParameters.parseBody(request.headers(), bytes));
    }

    private void add(HttpServerRequest request, Buffer chunk) {
        if (whole.future().isComplete()) {
            return;
        }
        if (read.length() + chunk.length() > MAXIMUM_BYTES) {
            request.response().putHeader("Connection", "close");
            whole.fail(new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The request is too long"));
        } else {
            read = read.length() == 0 ? chunk : Buffer.buffer().appendBuffer(read).appendBuffer(chunk);
        }
    }
}

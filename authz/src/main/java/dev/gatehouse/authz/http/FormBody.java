package dev.gatehouse.authz.http;

import dev.gatehouse.shared.http.BoundedBody;
import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** Reads the form of a request, up to a size that no honest client reaches. */
final class FormBody {

    private static final int MAXIMUM_BYTES = 64 * 1024;

    private FormBody() {
    }

    /**
     * Begins to read at once, so it is called before anything asynchronous.
     *
     * @return the parameters; or {@code invalid_request} for another content type, a malformed escape, or a body that
     *     is too long or too slow
     */
    public static Future<FormParameters> read(RoutingContext context) {
        HttpServerRequest request = context.request();
        return BoundedBody.read(context.vertx(), request, MAXIMUM_BYTES)
            .recover(failure -> Future.failedFuture(failure instanceof BoundedBody.UnreadableBody unreadable ? unreadable.refusal() : failure))
            .map(bytes -> FormParameters.parseBody(request.headers(), bytes));
    }
}

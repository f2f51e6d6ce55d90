package dev.gatehouse.authz.page;

import dev.gatehouse.shared.http.BoundedBody;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/** Reads form bodies up to a size limit. */
public final class FormBody {

    private static final int MAXIMUM_BYTES = 24 * 1024;

    private FormBody() {
    }

    /** Starts reading immediately, so call it before anything asynchronous. Fails with an error that the pages can show. */
    public static Future<Buffer> read(RoutingContext context) {
        return BoundedBody.read(context, MAXIMUM_BYTES)
            .recover(failure -> Future.failedFuture(failure instanceof OAuthException refusal ? explain(refusal) : failure));
    }

    private static RuntimeException explain(OAuthException refusal) {
        return switch (refusal.code()) {
            case REQUEST_TOO_LONG -> PageException.tooLarge();
            case INVALID_REQUEST -> PageException.incomplete();
            default -> refusal;
        };
    }

    /** Returns the body as a query string. Characters that could end or split the header are escaped. */
    public static String asQuery(Buffer body) {
        StringBuilder query = new StringBuilder(body.length());
        for (byte b : body.getBytes()) {
            char c = (char) (b & 0xFF);
            if (c > 0x20 && c < 0x7F && "\"<>#\\^`{|}".indexOf(c) < 0) {
                query.append(c);
            } else {
                query.append('%').append(String.format("%02X", (int) c));
            }
        }
        return query.toString();
    }
}

package dev.gatehouse.shared.http;

import dev.gatehouse.shared.audit.AuditLog.RequestOrigin;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.ext.web.RoutingContext;

/** The identifier of a request in the log and in {@code X-Request-Id}. */
public final class RequestId {

    private static final String HEADER = "X-Request-Id";

    private RequestId() {
    }

    /**
     * {@return the identifier, 12 characters} The client's own header is ignored, so that it cannot imitate other requests.
     *
     * @param context the context of the request
     */
    public static String of(RoutingContext context) {
        String id = context.get(HEADER);
        if (id == null) {
            id = SecretToken.encode(SecretToken.randomBytes(9));
            context.put(HEADER, id);
            if (!context.response().headWritten()) {
                context.response().putHeader(HEADER, id);
            }
        }
        return id;
    }

    /**
     * {@return the origin of a request, for the audit log}
     *
     * @param context the context of the request
     * @param addresses finds the address of the client
     */
    public static RequestOrigin origin(RoutingContext context, ClientAddress addresses) {
        return new RequestOrigin(of(context), addresses.of(context.request()));
    }
}

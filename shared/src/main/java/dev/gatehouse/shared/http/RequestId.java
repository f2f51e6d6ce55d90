package dev.gatehouse.shared.http;

import dev.gatehouse.shared.audit.AuditLog.RequestOrigin;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;
import io.vertx.core.spi.context.storage.ContextLocal;
import io.vertx.ext.web.RoutingContext;

import java.util.function.Supplier;

/** The identifier of a request in the log and in {@code X-Request-Id}. */
public final class RequestId {

    private static final String HEADER = "X-Request-Id";

    /** The place of the request on its Vert.x context. Vert.x creates this provider before its first context, which needs to know the place. */
    public static final class Place implements VertxServiceProvider {

        private static final ContextLocal<Identifier> REQUEST = ContextLocal.registerLocal(Identifier.class);

        /** The identifier, created on demand. Commands of the client have no Vert.x Web on their class path, so this class must not need its types. */
        private interface Identifier extends Supplier<String> {
        }

        /** Vert.x calls it. */
        public Place() {
        }

        @Override
        public void init(VertxBootstrap bootstrap) {
            // The class has registered the place.
        }
    }

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
     * Names the request in the lines that are logged on its context.
     *
     * @param context the context of the request
     */
    static void remember(RoutingContext context) {
        ContextInternal current = ContextInternal.current();
        if (current != null) {
            Place.REQUEST.put(current, () -> of(context));
        }
    }

    /** {@return the identifier of the request on whose context this is called; null if there is none} */
    public static String current() {
        ContextInternal current = ContextInternal.current();
        Supplier<String> request = current == null ? null : Place.REQUEST.get(current);
        return request == null ? null : request.get();
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

package dev.gatehouse.shared.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

import java.util.function.Consumer;

/**
 * The first handler of a root router: it does what every request needs. It is one handler, because a router spends more on the step from one
 * handler to the next than on each of these parts.
 */
public final class RequestPreamble implements Handler<RoutingContext> {

    private final Draining draining;
    private final Consumer<RoutingContext> recorder;
    private final SecurityHeaders headers;

    /**
     * Creates the handler.
     *
     * @param draining rejects requests when the server stops
     * @param recorder sees each request that is not rejected
     * @param overTls whether browsers use https
     */
    public RequestPreamble(Draining draining, Consumer<RoutingContext> recorder, boolean overTls) {
        this.draining = draining;
        this.recorder = recorder;
        this.headers = new SecurityHeaders(overTls);
    }

    @Override
    public void handle(RoutingContext context) {
        if (draining.admits(context)) {
            recorder.accept(context);
            RequestLog.begin(context);
            headers.addTo(context.response());
            context.next();
        }
    }
}

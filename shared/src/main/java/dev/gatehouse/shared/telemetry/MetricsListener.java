package dev.gatehouse.shared.telemetry;

import dev.gatehouse.shared.http.HttpListener;
import dev.gatehouse.shared.http.UnservedRequests;
import dev.gatehouse.shared.vertx.SharedPerVertx;
import dev.gatehouse.shared.vertx.SharedPerVertx.Lease;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;

/** Serves {@code /metrics} to Prometheus, on a listener of its own. All verticles of a process with the same address share it. */
public final class MetricsListener {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsListener.class);
    private static final String PATH = "/metrics";
    private static final long CLOSE_MILLIS = 500;

    private final Telemetry telemetry;
    private final HttpListener listener;

    private MetricsListener(Telemetry telemetry, HttpListener listener) {
        this.telemetry = telemetry;
        this.listener = listener;
    }

    /**
     * Installs the meters of this Vert.x instance, and listens. Call it before the parts of a server are created.
     *
     * @param vertx the Vert.x instance
     * @param options the address
     * @param clock for the {@code Date} header
     * @return a lease of the listener; null if the options name no port
     */
    public static Future<Lease<MetricsListener>> acquire(Vertx vertx, MetricsOptions options, Clock clock) {
        if (options.port() == null) {
            return Future.succeededFuture();
        }
        int port = options.port();
        return SharedPerVertx.acquire(vertx, "metrics on " + options.host() + " port " + port, () -> open(vertx, options.host(), port, clock),
            MetricsListener::close);
    }

    private static Future<MetricsListener> open(Vertx vertx, String host, int port, Clock clock) {
        Telemetry telemetry = Telemetry.measuring(vertx);
        Router router = Router.router(vertx);
        router.route(HttpMethod.GET, PATH).handler(context -> send(vertx, telemetry, context));
        UnservedRequests.allowOnly(router, PATH, "GET");
        UnservedRequests.orNotFound(router);
        return HttpListener.listen(vertx, new HttpListener.Binding(host, port, null), router, clock)
            .onSuccess(listening -> LOG.info("Metrics on {} port {}", host, listening.port()))
            .map(listening -> new MetricsListener(telemetry, listening));
    }

    /** Collected on a worker thread: a scrape takes milliseconds. */
    private static void send(Vertx vertx, Telemetry telemetry, RoutingContext context) {
        String form = telemetry.textForm(context.request().getHeader(HttpHeaders.ACCEPT));
        vertx.executeBlocking(() -> telemetry.scrape(form), false)
            .onSuccess(text -> context.response().putHeader(HttpHeaders.CONTENT_TYPE, form).end(text))
            .onFailure(context::fail);
    }

    /** {@return the bound port} */
    public int port() {
        return listener.port();
    }

    private Future<Void> close() {
        return listener.close(CLOSE_MILLIS);
    }
}

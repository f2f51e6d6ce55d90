package dev.gatehouse.shared.http;

import dev.gatehouse.shared.metric.Meters;
import dev.gatehouse.shared.metric.Meters.Counter;
import dev.gatehouse.shared.metric.Meters.Recorder;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;

/**
 * Measures each request by the route that serves it, its method and its status, and counts the OAuth errors. A route is the template of the
 * router, never the path of a request. The meters of a combination are created once; a request does no more than look them up.
 */
public final class RequestMetrics implements Handler<RoutingContext> {

    private static final String ERROR = RequestMetrics.class.getName();
    private static final String UNMATCHED = "unmatched";
    private static final String OTHER = "_OTHER";
    private static final List<HttpMethod> METHODS = List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.OPTIONS, HttpMethod.DELETE, HttpMethod.HEAD,
        HttpMethod.PUT, HttpMethod.PATCH);
    private static final int LOWEST_STATUS = 100;
    private static final int STATUSES = 500;

    private final Meters meters;
    private final String service;
    private final Map<String, Endpoint> endpoints = new HashMap<>();
    private List<Endpoint> below = List.of();
    private final Endpoint unmatched = new Endpoint(UNMATCHED);
    private String basePath = "";

    private RequestMetrics(Meters meters, String service) {
        this.meters = meters;
        this.service = service;
    }

    /**
     * Measures the requests to a router, if the process has meters. To be called before any other handler is added.
     *
     * @param root the router of the host
     * @param meters receives the measurements
     * @param service the name of the server in the label {@code service}
     * @return call {@link #serve} when all routes are mounted
     */
    public static RequestMetrics on(Router root, Meters meters, String service) {
        RequestMetrics metrics = new RequestMetrics(meters, service);
        if (meters.isOn()) {
            root.route().handler(metrics);
        }
        return metrics;
    }

    /**
     * Sets the routes.
     *
     * @param path the path of the served routes; empty for the root
     * @param routers the routers with all routes
     */
    public void serve(String path, Router... routers) {
        if (!meters.isOn()) {
            return;
        }
        basePath = path;
        Stream.of(routers).flatMap(router -> router.getRoutes().stream()).map(Route::getPath).filter(each -> each != null && each.length() > 1)
            .forEach(each -> endpoints.computeIfAbsent(each, Endpoint::new));
        below = endpoints.values().stream().filter(each -> each.template.endsWith("/") || each.template.contains(":"))
            .sorted(Comparator.comparing((Endpoint each) -> -each.template.length())).toList();
    }

    /**
     * Counts a request as rejected with this error.
     *
     * @param context the context of the request
     * @param error the code that the response names; one of a fixed set
     */
    public static void error(RoutingContext context, String error) {
        context.put(ERROR, error);
    }

    @Override
    public void handle(RoutingContext context) {
        long begun = System.nanoTime();
        context.addEndHandler(end -> record(context, System.nanoTime() - begun));
        context.next();
    }

    private void record(RoutingContext context, long nanos) {
        Endpoint endpoint = find(context.normalizedPath());
        HttpServerResponse response = context.response();
        endpoint.duration(context.request().method(), response.headWritten() ? response.getStatusCode() : 0).record(nanos);
        if (context.get(ERROR) instanceof String error) {
            endpoint.error(error).increment();
        }
    }

    private Endpoint find(String path) {
        Endpoint exact = endpoints.get(path);
        if (exact != null) {
            return exact;
        }
        String inner = basePath;
        if (!inner.isEmpty() && path.startsWith(inner)) {
            exact = endpoints.get(path.substring(inner.length()));
        }
        return exact != null ? exact : below.stream().filter(each -> each.covers(path, inner)).findFirst().orElse(unmatched);
    }

    /** The meters of one route. */
    private final class Endpoint {

        private final String template;
        private final String fixed;
        private final AtomicReferenceArray<AtomicReferenceArray<Recorder>> durations = new AtomicReferenceArray<>(METHODS.size() + 1);
        private final Map<String, Counter> errors = new ConcurrentHashMap<>();

        Endpoint(String template) {
            this.template = template;
            this.fixed = template.contains(":") ? template.substring(0, template.indexOf(':')) : template;
        }

        boolean covers(String path, String base) {
            return path.startsWith(fixed) || path.startsWith(base) && path.startsWith(fixed, base.length());
        }

        Recorder duration(HttpMethod method, int status) {
            int row = METHODS.indexOf(method);
            AtomicReferenceArray<Recorder> statuses = durations.get(row + 1);
            if (statuses == null) {
                durations.compareAndSet(row + 1, null, new AtomicReferenceArray<>(STATUSES + 1));
                statuses = durations.get(row + 1);
            }
            int column = Math.max(0, Math.min(STATUSES, status - LOWEST_STATUS + 1));
            Recorder recorder = statuses.get(column);
            if (recorder == null) {
                recorder = meters.durations("http.server.request.duration", "Time from a request to the end of its response.", "service", service,
                    "http.route", template, "http.request.method", row < 0 ? OTHER : METHODS.get(row).name(),
                    "http.response.status_code", column == 0 ? "none" : Integer.toString(status));
                statuses.set(column, recorder);
            }
            return recorder;
        }

        Counter error(String error) {
            return errors.computeIfAbsent(error, first -> meters.counter("gatehouse.refusals", "Requests that were rejected with an OAuth error.",
                "service", service, "http.route", template, "error", error));
        }
    }
}

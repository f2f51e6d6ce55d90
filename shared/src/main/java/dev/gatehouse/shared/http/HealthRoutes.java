package dev.gatehouse.shared.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * {@code /health/startup}: the server has started; it listens only then. {@code /health/live}: the process answers. {@code /health/ready}: the server can work; otherwise 503. {@code /health}: both. The
 * body lists each check without a reason; the reason is in the log.
 */
public final class HealthRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(HealthRoutes.class);
    private static final long DEADLINE_SECONDS = 2;
    private static final String LIVE = "/health/live";
    private static final String STARTUP = "/health/startup";
    private static final String READY = "/health/ready";
    private static final String BOTH = "/health";

    /** The paths that answer GET. */
    public static final List<String> PATHS = List.of(STARTUP, LIVE, READY, BOTH);

    private final Draining draining;
    private final List<Check> checks;
    private final Map<String, Supplier<JsonObject>> facts;

    /**
     * A dependency of the server. Its result is cached, and only one probe runs at a time.
     */
    public static final class Check {

        private final String name;
        private final long keptNanos;
        private final Supplier<Future<Void>> probe;
        private Future<Boolean> latest;
        private long askedAt;
        private boolean wasUp = true;

        /**
         * Creates a check.
         *
         * @param name the name in the readiness document
         * @param keptMillis the time for which a result is cached
         * @param probe fails if the server cannot work
         */
        public Check(String name, long keptMillis, Supplier<Future<Void>> probe) {
            this.name = name;
            this.keptNanos = TimeUnit.MILLISECONDS.toNanos(keptMillis);
            this.probe = probe;
        }

        private synchronized Future<Boolean> isUp() {
            long now = System.nanoTime();
            if (latest == null || latest.isComplete() && now - askedAt >= keptNanos) {
                askedAt = now;
                latest = Future.<Void>succeededFuture().compose(begin -> probe.get()).timeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .map(true).otherwise(this::report).onSuccess(this::note);
            }
            return latest;
        }

        private boolean report(Throwable failure) {
            if (wasUp) {
                LOG.warn("Not ready ({}): {}", name, failure.getMessage());
            }
            return false;
        }

        private void note(boolean isUp) {
            if (isUp && !wasUp) {
                LOG.info("Ready again ({})", name);
            }
            wasUp = isUp;
        }
    }

    private HealthRoutes(Draining draining, List<Check> checks, Map<String, Supplier<JsonObject>> facts) {
        this.facts = facts;
        this.draining = draining;
        this.checks = checks;
    }

    /**
     * Mounts the paths at the root of the host.
     *
     * @param root the router of the host
     * @param draining tells when the server stops
     * @param checks the conditions of readiness
     */
    public static void mount(Router root, Draining draining, List<Check> checks) {
        mount(root, draining, checks, Map.of());
    }

    /**
     * Mounts the paths at the root of the host, with facts in the readiness document that do not affect readiness.
     *
     * @param root the router of the host
     * @param draining tells when the server stops
     * @param checks the conditions of readiness
     * @param facts by their names in the document
     */
    public static void mount(Router root, Draining draining, List<Check> checks, Map<String, Supplier<JsonObject>> facts) {
        HealthRoutes health = new HealthRoutes(draining, List.copyOf(checks), Map.copyOf(facts));
        get(root, STARTUP, context -> send(context, new JsonObject().put("status", "up")));
        get(root, LIVE, context -> send(context, new JsonObject().put("status", "up")));
        get(root, READY, health::ready);
        get(root, BOTH, health::ready);
    }

    private static void get(Router root, String path, Handler<RoutingContext> answer) {
        root.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(answer);
    }

    private void ready(RoutingContext context) {
        List<Future<Boolean>> asked = checks.stream().map(Check::isUp).toList();
        Future.join(new ArrayList<>(asked)).onComplete(done -> send(context, describe(asked)));
    }

    private JsonObject describe(List<Future<Boolean>> asked) {
        boolean up = !draining.hasBegun();
        JsonObject each = new JsonObject();
        for (int i = 0; i < asked.size(); i++) {
            boolean isUp = asked.get(i).succeeded() && asked.get(i).result();
            each.put(checks.get(i).name, status(isUp));
            up &= isUp;
        }
        JsonObject answer = new JsonObject().put("status", status(up)).put("checks", each);
        facts.forEach((name, fact) -> answer.put(name, fact.get()));
        return draining.hasBegun() ? answer.put("stopping", true) : answer;
    }

    private static String status(boolean isUp) {
        return isUp ? "up" : "down";
    }

    private static void send(RoutingContext context, JsonObject answer) {
        JsonResponse.sendPrivate(context, answer.getString("status").equals("up") ? 200 : 503, answer);
    }
}

package dev.gatehouse.resource.transport;

import dev.gatehouse.resource.tool.Principal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open streams of one transport, looked after once a second: kept alive, and ended when the token that opened them
 * expires or is no longer valid.
 */
final class OpenStreams {

    private static final long TICK_MILLIS = 1000;

    private final Vertx vertx;
    private final McpTransportOptions options;
    private final RequestSecurity security;
    private final Clock clock;
    private final Set<Lease> leases = ConcurrentHashMap.newKeySet();
    private final long timer;
    private long ticks;

    OpenStreams(Vertx vertx, McpTransportOptions options, RequestSecurity security, Clock clock) {
        this.vertx = vertx;
        this.options = options;
        this.security = security;
        this.clock = clock;
        this.timer = vertx.setPeriodic(TICK_MILLIS, tick -> tick());
    }

    private record Lease(RoutingContext request, Principal principal, SseStream stream) {
    }

    /** Looks after a stream until its response ends or its connection closes. */
    void add(RoutingContext request, Principal principal, SseStream stream) {
        Lease lease = new Lease(request, principal, stream);
        leases.add(lease);
        request.addEndHandler(ended -> leases.remove(lease));
    }

    private void tick() {
        ticks++;
        boolean revalidate = ticks % options.revalidateSeconds() == 0;
        leases.forEach(lease -> look(lease, revalidate));
    }

    private void look(Lease lease, boolean revalidate) {
        if (clock.instant().getEpochSecond() >= lease.principal.expiresAt()) {
            lease.stream.end();
            return;
        }
        lease.stream.keepAlive(options.keepAliveSeconds());
        if (revalidate) {
            Future.<Void>succeededFuture().compose(go -> security.stillValid(lease.request)).onSuccess(valid -> {
                if (!valid) {
                    lease.stream.end();
                }
            });
        }
    }

    int size() {
        return leases.size();
    }

    void close() {
        vertx.cancelTimer(timer);
        List.copyOf(leases).forEach(lease -> lease.stream.end());
    }
}

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
    /** A stream outlives an outage of the authorization server by no more than a cached answer may. */
    private static final long UNPROVEN_MILLIS = 60_000;

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

    /** A stream, and when its token was last known to be good, in epoch milliseconds. */
    private static final class Lease {

        private final RoutingContext request;
        private final Principal principal;
        private final SseStream stream;
        private final Runnable beforeEnd;
        private volatile long provenAt;

        Lease(RoutingContext request, Principal principal, SseStream stream, Runnable beforeEnd, long now) {
            this.request = request;
            this.principal = principal;
            this.stream = stream;
            this.beforeEnd = beforeEnd;
            this.provenAt = now;
        }

        void end() {
            beforeEnd.run();
            stream.end();
        }
    }

    /** Looks after a stream until its response ends or its connection closes. */
    void add(RoutingContext request, Principal principal, SseStream stream) {
        add(request, principal, stream, () -> { });
    }

    /** @param beforeEnd is run first when the stream is to end because of its token or the server, and may have something to say */
    void add(RoutingContext request, Principal principal, SseStream stream, Runnable beforeEnd) {
        Lease lease = new Lease(request, principal, stream, beforeEnd, clock.millis());
        leases.add(lease);
        MessageGate.atEnd(request, () -> leases.remove(lease));
    }

    private void tick() {
        ticks++;
        boolean revalidate = ticks % options.revalidateSeconds() == 0;
        leases.forEach(lease -> look(lease, revalidate));
    }

    private void look(Lease lease, boolean revalidate) {
        if (clock.instant().getEpochSecond() >= lease.principal.expiresAt()) {
            lease.end();
            return;
        }
        lease.stream.keepAlive(options.keepAliveSeconds());
        if (revalidate) {
            Future.<Void>succeededFuture().compose(go -> security.stillValid(lease.request))
                .onSuccess(valid -> proven(lease, valid))
                .onFailure(nobodyCanTell -> unproven(lease));
        }
    }

    private void proven(Lease lease, boolean valid) {
        lease.provenAt = clock.millis();
        if (!valid) {
            lease.end();
        }
    }

    private void unproven(Lease lease) {
        if (clock.millis() - lease.provenAt >= UNPROVEN_MILLIS) {
            lease.end();
        }
    }

    int size() {
        return leases.size();
    }

    void close() {
        vertx.cancelTimer(timer);
        List.copyOf(leases).forEach(lease -> lease.end());
    }
}

package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.jsonrpc.MessageSink.Ending;
import dev.gatehouse.mcp.transport.RequestSecurity.Validity;
import dev.gatehouse.shared.http.HeldMemory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open streams of one transport: kept alive, and ended when the token that opened them expires or is revoked.
 *
 * <p>Tokens are asked about in turn, each once for all of its streams, and few at a time: requests come first. A token waits for its turn
 * for {@code revalidateSeconds} where there are few, and for up to {@link #LONGEST_MILLIS} where there are many.
 */
final class StreamRegistry {

    private static final int TICKS_PER_SECOND = 4;
    /** Between two looks at the streams of a server that stops. */
    private static final long STOPPING_MILLIS = 100;
    /** Questions a second that are never too many. */
    private static final int QUESTIONS_PER_SECOND = 20;
    private static final int QUESTIONS_UNDER_WAY = 4;
    /** A cached answer is believed no longer than a minute, and neither is a stream: some of it is left for the questions themselves. */
    private static final long LONGEST_MILLIS = 50_000;
    private static final long SKEW_SECONDS = 5;
    /** A stream outlives an outage of the authorization server by no more than a cached answer may. */
    private static final long UNPROVEN_MILLIS = 60_000;

    private final Vertx vertx;
    private final McpTransportOptions options;
    private final RequestSecurity security;
    private final Clock clock;
    private final Set<Lease> leases = ConcurrentHashMap.newKeySet();
    private final Map<Object, Token> tokens = new HashMap<>();
    /** In the order in which they were asked about. */
    private final Deque<Token> turns = new ArrayDeque<>();
    private long timer;
    private final HeldMemory memory;
    private long ticks;
    private double allowed;
    private int underWay;

    StreamRegistry(Vertx vertx, McpTransportOptions options, RequestSecurity security, Clock clock) {
        this.vertx = vertx;
        this.options = options;
        this.security = security;
        this.clock = clock;
        this.memory = HeldMemory.of(vertx);
        this.timer = vertx.setPeriodic(1000 / TICKS_PER_SECOND, tick -> tick());
    }

    /** The owner of an open stream. */
    interface Holder {

        /**
         * The stream must end.
         *
         * @return false if responses are still pending: this is called again later
         */
        boolean end(Ending why);
    }

    /** A stream, and the request that opened it. */
    private static final class Lease {

        private final RoutingContext request;
        private final Principal principal;
        private final SseStream stream;
        private final Holder holder;
        private final Token token;
        /** Set when the token is no longer valid: it is not checked any more. */
        private volatile boolean ending;
        private volatile boolean told;

        Lease(RoutingContext request, Principal principal, SseStream stream, Holder holder, Token token) {
            this.request = request;
            this.principal = principal;
            this.stream = stream;
            this.holder = holder;
            this.token = token;
        }

        void end(Ending why) {
            ending = true;
            if (!told) {
                told = holder.end(why);
            }
        }
    }

    /** A token with open streams. Guarded by the transport's streams, but for its streams themselves. */
    private static final class Token {

        private final Object credential;
        private final Set<Lease> streams = ConcurrentHashMap.newKeySet();
        /** In ticks. */
        private long askedAt;
        /** In epoch milliseconds. */
        private long provenAt;

        Token(Object credential, long ticks, long now) {
            this.credential = credential;
            this.askedAt = ticks;
            this.provenAt = now;
        }

        /** A stream whose request names the token; null if none is left that depends on it. */
        Lease any() {
            return streams.stream().filter(lease -> !lease.ending).findAny().orElse(null);
        }

        void end(Ending why) {
            streams.stream().filter(lease -> !lease.ending).forEach(lease -> lease.end(why));
        }

        /** The authorization server's clock may be ahead: a token that it calls inactive in its last seconds has expired. */
        void endAsInactive(long nowSeconds) {
            streams.stream().filter(lease -> !lease.ending)
                .forEach(lease -> lease.end(nowSeconds >= lease.principal.expiresAt() - SKEW_SECONDS ? Ending.LAPSED : Ending.REVOKED));
        }
    }

    /** Looks after a stream until its response ends or its connection closes. */
    void add(RoutingContext request, Principal principal, SseStream stream, Holder holder) {
        Lease lease = new Lease(request, principal, stream, holder, join(security.credential(request)));
        lease.token.streams.add(lease);
        leases.add(lease);
        MessageGate.atEnd(request, () -> {
            leases.remove(lease);
            leave(lease);
        });
    }

    private synchronized Token join(Object credential) {
        return tokens.computeIfAbsent(credential, first -> {
            Token token = new Token(credential, ticks, clock.millis());
            turns.addLast(token);
            return token;
        });
    }

    private synchronized void leave(Lease lease) {
        lease.token.streams.remove(lease);
    }

    private void tick() {
        if (count() % TICKS_PER_SECOND == 0) {
            long now = clock.instant().getEpochSecond();
            leases.forEach(lease -> look(lease, now));
        }
        ask();
    }

    private void look(Lease lease, long now) {
        if (lease.ending || now >= lease.principal.expiresAt()) {
            lease.end(Ending.LAPSED);
        }
        lease.stream.keepAlive(options.keepAliveSeconds());
    }

    /** Allows some questions more. What was not asked in its time is not made up for at once. */
    private synchronized long count() {
        double perSecond = Math.max(QUESTIONS_PER_SECOND, tokens.size() * 1000.0 / LONGEST_MILLIS);
        allowed = Math.min(allowed, perSecond / TICKS_PER_SECOND) + perSecond / TICKS_PER_SECOND;
        return ++ticks;
    }

    private void ask() {
        for (Token token = next(); token != null; token = next()) {
            ask(token);
        }
    }

    /** The token whose turn it is, or null if it is not time yet, or enough is asked. */
    private synchronized Token next() {
        while (!turns.isEmpty()) {
            Token token = turns.peekFirst();
            if (token.streams.isEmpty()) {
                turns.removeFirst();
                tokens.remove(token.credential, token);
                continue;
            }
            if (allowed < 1 || underWay >= QUESTIONS_UNDER_WAY || ticks - token.askedAt < (long) options.revalidateSeconds() * TICKS_PER_SECOND) {
                return null;
            }
            turns.addLast(turns.removeFirst());
            token.askedAt = ticks;
            if (token.any() != null) {
                allowed--;
                underWay++;
                return token;
            }
        }
        return null;
    }

    private void ask(Token token) {
        Lease lease = token.any();
        Future<Validity> answer = lease == null ? Future.succeededFuture(Validity.NOT_ASKED)
            : Future.<Void>succeededFuture().compose(go -> security.validity(lease.request));
        answer.onComplete(validity -> proven(token, validity), failure -> unproven(token));
    }

    private void proven(Token token, Validity validity) {
        synchronized (this) {
            underWay--;
            if (validity == Validity.GOOD) {
                token.provenAt = clock.millis();
            }
        }
        if (validity == Validity.ENDED) {
            token.endAsInactive(clock.instant().getEpochSecond());
        }
        ask();
    }

    private void unproven(Token token) {
        boolean tooLong;
        synchronized (this) {
            underWay--;
            tooLong = clock.millis() - token.provenAt >= UNPROVEN_MILLIS;
        }
        if (tooLong) {
            token.end(Ending.LAPSED);
        }
        ask();
    }

    /** A stream that has yet to be opened. What its reader leaves waiting counts as the principal's. */
    SseStream prepare(RoutingContext request, Principal principal) {
        return new SseStream(vertx, request.request(), options.queueBytes(), waiting(principal));
    }

    /** The memory of responses that have not been read. */
    HeldMemory.Share waiting(Principal principal) {
        return memory.share(MessageGate.owner(principal));
    }

    int size() {
        return leases.size();
    }

    /** The server stops: each stream ends after its pending responses. */
    void stop() {
        vertx.cancelTimer(timer);
        leases.forEach(lease -> lease.end(Ending.STOPPING));
        timer = vertx.setPeriodic(STOPPING_MILLIS, tick -> leases.forEach(lease -> lease.end(Ending.STOPPING)));
    }

    /** Ends every stream, also with pending responses. */
    void close() {
        vertx.cancelTimer(timer);
        List.copyOf(leases).forEach(lease -> {
            lease.end(Ending.STOPPING);
            lease.stream.end();
        });
    }
}

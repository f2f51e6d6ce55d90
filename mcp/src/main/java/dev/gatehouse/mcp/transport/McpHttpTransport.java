package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.feature.Changes;
import dev.gatehouse.mcp.feature.FeatureRegistry;
import dev.gatehouse.mcp.feature.LargeWork;
import dev.gatehouse.mcp.feature.McpEngine;
import dev.gatehouse.mcp.feature.McpFeatures;
import dev.gatehouse.mcp.jsonrpc.MessageCodec;
import dev.gatehouse.mcp.stateful.SessionRegistry;
import dev.gatehouse.mcp.stateful.StatefulServer;
import dev.gatehouse.mcp.stateless.StatelessServer;
import dev.gatehouse.shared.http.HeldMemory;
import dev.gatehouse.shared.http.UnservedRequests;
import dev.gatehouse.shared.metric.Meters;
import dev.gatehouse.shared.metric.Meters.Gauge;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.Sealer;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.time.Duration;

/**
 * Serves MCP over HTTP on a router: Streamable HTTP at {@code /mcp}, HTTP+SSE at {@code /sse} and {@code /messages}.
 *
 * <p>On each of these paths belong, in this order: {@link #originGuard()}, an authentication handler, and what {@link #mount}
 * adds. In a verticle with several instances, each transport shares its sessions and features with the same transport of the other
 * instances: tools and resources are called from several threads. Two transports of one instance share nothing.
 */
public final class McpHttpTransport {

    /** The path of Streamable HTTP. */
    public static final String STREAMABLE = "/mcp";
    /** The path of the event stream of HTTP+SSE (2024-11-05). */
    public static final String SSE = "/sse";
    /** The path of the messages of HTTP+SSE (2024-11-05). */
    public static final String MESSAGES = "/messages";

    private static final long SHORTEST_SWEEP_MILLIS = 1_000;
    private static final long LONGEST_SWEEP_MILLIS = 10_000;

    private final Vertx vertx;
    private final OriginGuard guard;
    private final McpCore.Handle handle;
    private final McpCore core;
    private final StreamRegistry streams;
    private final StreamableEndpoint streamable;
    private final SseEndpoint sse;
    private final long sweeper;
    private final Gauge openStreams;

    /**
     * Creates a transport with a random key for the state that clients carry.
     *
     * @param vertx the Vert.x instance
     * @param features the features
     * @param options limits and allow-lists
     * @param security the result of the authentication handler, which is mounted before
     * @param clock the clock for the expiry of tokens and sessions
     */
    public McpHttpTransport(Vertx vertx, McpFeatures features, McpTransportOptions options, RequestSecurity security, Clock clock) {
        this(vertx, features, options, security, RequestStates.ofProcess(), clock);
    }

    /**
     * Creates a transport.
     *
     * @param vertx the Vert.x instance
     * @param features the features
     * @param options limits and allow-lists
     * @param security the result of the authentication handler, which is mounted before
     * @param states seals the state that clients carry between the rounds of a call; the same key on all nodes
     * @param clock tells the current time
     */
    public McpHttpTransport(Vertx vertx, McpFeatures features, McpTransportOptions options, RequestSecurity security, Sealer states,
                            Clock clock) {
        this.vertx = vertx;
        this.guard = new OriginGuard(options);
        this.handle = McpCore.of(vertx, features, options, security.realm(), () -> makeCore(vertx, features, options, states, clock));
        this.core = handle.core();
        this.streams = new StreamRegistry(vertx, options, security, clock);
        MessageGate gate = new MessageGate(core.engine(), options, security, HeldMemory.of(vertx));
        this.streamable = new StreamableEndpoint(core, streams, gate, options, security);
        this.sse = new SseEndpoint(core, streams, gate, options, security);
        this.openStreams = Meters.of(vertx).gauge("gatehouse.mcp.streams", "Open event streams.", streams::size);
        this.sweeper = vertx.setPeriodic(sweepMillis(options), tick -> core.sweep());
    }

    private static long sweepMillis(McpTransportOptions options) {
        return Math.max(SHORTEST_SWEEP_MILLIS, Math.min(LONGEST_SWEEP_MILLIS, options.sessionIdleSeconds() * 100L));
    }

    private static McpCore makeCore(Vertx vertx, McpFeatures features, McpTransportOptions options, Sealer states, Clock clock) {
        McpEngine engine = new McpEngine(features, new MessageCodec(options.jsonDepth()), Duration.ofSeconds(options.callSeconds()),
            new LargeWork(vertx), Meters.of(vertx));
        engine.warmUp();
        return new McpCore(engine, new StatefulServer(engine, Duration.ofSeconds(options.requestSeconds())),
            new StatelessServer(engine, () -> states, options.sessionsPerPrincipal(), clock),
            new SessionRegistry(options.sessionsMaximum(), options.sessionsPerPrincipal(), options.sessionIdleSeconds(), clock), Meters.of(vertx));
    }

    /**
     * {@return a handler that rejects foreign {@code Origin} and {@code Host} headers, and answers preflights of allowed origins} It belongs before
     * authentication, on the three paths; not on metadata that any origin may read.
     */
    public Handler<RoutingContext> originGuard() {
        return guard;
    }

    /**
     * Mounts the three paths. The guard and authentication must have been mounted on them already.
     *
     * @param router the router
     */
    public void mount(Router router) {
        router.route(STREAMABLE).handler(streamable::handle);
        router.get(SSE).handler(sse::open);
        router.route(SSE).handler(context -> refuseMethod(context, "GET"));
        router.post(MESSAGES).handler(sse::post);
        router.route(MESSAGES).handler(context -> refuseMethod(context, "POST"));
    }

    private static void refuseMethod(RoutingContext context, String allowed) {
        context.request().resume();
        UnservedRequests.sendMethodNotAllowed(context, allowed);
    }

    /** {@return the publisher of changes to the clients that have subscribed} */
    public Changes changes() {
        return core.engine().changes();
    }

    /** {@return the features that the server offers} They may change while it runs. */
    public FeatureRegistry registry() {
        return core.engine().registry();
    }

    /** {@return the number of open streams of this instance} */
    public int openStreams() {
        return streams.size();
    }

    /** The number of pending stateless requests of this instance. */
    int requestsUnderWay() {
        return streamable.underWay();
    }

    /** {@return the number of sessions of all instances of this deployment} */
    public int openSessions() {
        return core.sessions().size();
    }

    /** Ends the endless responses. */
    public void endStreams() {
        streamable.close();
        streams.stop();
    }

    /** Ends the streams and, with the last instance, the sessions. */
    public void close() {
        vertx.cancelTimer(sweeper);
        openStreams.close();
        streamable.close();
        streams.close();
        handle.release();
    }

    /** Seals the state that clients carry between the rounds of a call, for a server that is one process. */
    public static final class RequestStates {

        private static final int KEY_BYTES = 32;

        private RequestStates() {
        }

        /** {@return a random key of this process} */
        public static Sealer ofProcess() {
            return new MasterKey(SecretToken.randomBytes(KEY_BYTES)).sealer("request states");
        }
    }
}

package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.feature.McpEngine;
import dev.gatehouse.mcp.feature.Operations;
import dev.gatehouse.mcp.jsonrpc.Batch;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.MessageCodec;
import dev.gatehouse.mcp.stateful.ResumableStream;
import dev.gatehouse.mcp.stateful.SessionRegistry;
import dev.gatehouse.mcp.stateful.SessionRegistry.TooManySessions;
import dev.gatehouse.mcp.stateful.StatefulServer;
import dev.gatehouse.mcp.stateful.StatefulSession;
import dev.gatehouse.mcp.stateful.StatefulSession.Handshake;
import dev.gatehouse.mcp.stateful.StreamableChannel;
import dev.gatehouse.mcp.stateless.StatelessServer;
import dev.gatehouse.shared.http.RequestLog;
import dev.gatehouse.shared.http.UnservedRequests;
import dev.gatehouse.shared.secret.SecretToken;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import dev.gatehouse.shared.http.MediaTypes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/**
 * Streamable HTTP of revisions 2025-03-26 to 2025-11-25: POST, GET and DELETE on one path, with sessions. What is of the era after
 * goes on to {@link StatelessEndpoint}.
 */
final class StreamableEndpoint {

    private static final CharSequence SESSION_HEADER = HttpHeaders.createOptimized("Mcp-Session-Id");
    private static final String LAST_EVENT_HEADER = "Last-Event-ID";

    private final McpEngine engine;
    private final SessionRegistry sessions;
    private final StreamRegistry streams;
    private final MessageGate gate;
    private final StatefulServer stateful;
    private final StatelessEndpoint stateless;
    private final BatchEndpoint batches;
    private final McpTransportOptions options;
    private final RequestSecurity security;

    StreamableEndpoint(McpCore core, StreamRegistry streams, MessageGate gate, McpTransportOptions options, RequestSecurity security) {
        this.engine = core.engine();
        this.sessions = core.sessions();
        this.streams = streams;
        this.gate = gate;
        this.stateful = core.stateful();
        this.stateless = new StatelessEndpoint(core, streams, gate, options);
        this.batches = new BatchEndpoint(engine, streams, gate, options);
        this.options = options;
        this.security = security;
    }

    /** The number of pending stateless requests. */
    int underWay() {
        return stateless.underWay();
    }

    /** Ends the endless responses in order. */
    void close() {
        stateless.close();
    }

    void handle(RoutingContext context) {
        RequestLog.secretId(context, "session", context.request().getHeader(SESSION_HEADER));
        HttpMethod method = context.request().method();
        try {
            if (method == HttpMethod.POST) {
                post(context);
                return;
            }
            // Authentication may have paused it; unread, it would hold up the next request on its connection.
            context.request().resume();
            if (StatelessServer.isStateless(context.request().getHeader(MessageGate.VERSION_HEADER), null)) {
                refuseMethod(context, "POST");
                return;
            }
            MessageGate.requireKnownVersion(context.request(), null);
            if (method == HttpMethod.GET) {
                listen(context);
            } else if (method == HttpMethod.DELETE) {
                end(context);
            } else {
                refuseMethod(context, "GET, POST, DELETE");
            }
        } catch (RuntimeException e) {
            gate.refuse(context, e);
        }
    }

    private static void refuseMethod(RoutingContext context, String allowed) {
        UnservedRequests.sendMethodNotAllowed(context, allowed);
    }

    private void post(RoutingContext context) {
        MessageGate.requireAccept(context.request(), MediaTypes.JSON);
        Principal principal = security.principal(context);
        gate.json(context).onComplete(json -> accept(context, principal, json), failure -> gate.refuse(context, failure));
    }

    private void accept(RoutingContext context, Principal principal, MessageCodec.Json json) {
        try {
            StatefulSession<StreamableChannel> session = batching(context, principal, json);
            if (session == null) {
                accept(context, principal, gate.decode(json));
            } else {
                batches.accept(context, principal, session, MessageGate.decode(json, engine.codec()::decodeBatch));
            }
        } catch (RuntimeException e) {
            gate.refuse(context, e);
        }
    }

    /** The session of a batch; null if this is no batch, or one that is refused as a message. */
    private StatefulSession<StreamableChannel> batching(RoutingContext context, Principal principal, MessageCodec.Json json) {
        String id = context.request().getHeader(SESSION_HEADER);
        return id == null || !json.isArray() ? null : sessions.find(id, principal, StreamableChannel.class)
            .filter(session -> Batch.isSpoken(session.version())).orElse(null);
    }

    private void accept(RoutingContext context, Principal principal, JSONRPCMessage message) {
        boolean isStateless = StatelessServer.isStateless(context.request().getHeader(MessageGate.VERSION_HEADER), message);
        note(context, isStateless, message);
        if (isStateless) {
            stateless.accept(context, principal, message);
            return;
        }
        MessageGate.requireKnownVersion(context.request(), message instanceof JSONRPCRequest request ? request.id() : null);
        if (message instanceof JSONRPCRequest request) {
            accept(context, principal, request);
            return;
        }
        StatefulSession<StreamableChannel> session = requireSession(context, principal, null);
        if (message instanceof JSONRPCNotification notification) {
            session.accept(notification);
        } else if (message instanceof JSONRPCResponse response) {
            session.accept(response);
        }
        context.response().setStatusCode(202).end();
    }

    /** For an author of a client: what was sent, and as which era it was taken. */
    private static void note(RoutingContext context, boolean isStateless, JSONRPCMessage message) {
        RequestLog.detail(context, "era", () -> {
            String version = context.request().getHeader(MessageGate.VERSION_HEADER);
            return (isStateless ? "stateless" : "sessions") + (version == null ? "" : " " + version);
        });
        if (message instanceof JSONRPCRequest request) {
            RequestLog.detail(context, "call", request::method);
        } else if (message instanceof JSONRPCNotification notification) {
            RequestLog.detail(context, "notification", notification::method);
        }
    }

    private void accept(RoutingContext context, Principal principal, JSONRPCRequest request) {
        if (request.method().equals("initialize")) {
            begin(context, principal, request);
            return;
        }
        StatefulSession<StreamableChannel> session = requireSession(context, principal, request.id());
        Operations.Checked checked = engine.operations().check(request);
        if (gate.isAllowed(context, principal, checked.scopes(), checked.request())) {
            HttpReply reply = new HttpReply(context, principal, engine.codec(), streams, options, ReplyStream.resumable(session.channel()));
            session.run(checked, principal, reply);
            reply.keepAlive();
        }
    }

    private void begin(RoutingContext context, Principal principal, JSONRPCRequest initialize) {
        if (MessageGate.isGone(context)) {
            return;
        }
        try {
            Handshake agreed = stateful.handshake(initialize);
            StatefulSession<StreamableChannel> session = new StatefulSession<>(stateful, SecretToken.generate(""), principal,
                new StreamableChannel(agreed.version(), engine.codec(), streams.waiting(principal)));
            session.begin(agreed);
            sessions.add(session);
            context.response().putHeader(SESSION_HEADER, session.id())
                .putHeader(HttpHeaders.CONTENT_TYPE, MediaTypes.JSON)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(Buffer.buffer(engine.codec().encode(stateful.initialized(initialize, agreed))));
        } catch (RuntimeException e) {
            gate.refuse(context, initialize.id(), e);
        }
    }

    private StatefulSession<StreamableChannel> requireSession(RoutingContext context, Principal principal, Object requestId) {
        String id = context.request().getHeader(SESSION_HEADER);
        if (id == null) {
            throw new HttpProblem(400, JsonRpcErrors.response(requestId, JsonRpcErrors.REFUSED,
                "Mcp-Session-Id is missing: send initialize first, and its session id with every request after"));
        }
        return sessions.find(id, principal, StreamableChannel.class).orElseThrow(() -> new HttpProblem(404,
            JsonRpcErrors.response(requestId, JsonRpcErrors.SESSION_NOT_FOUND, "Session not found: send initialize to begin a new one")));
    }

    private void listen(RoutingContext context) {
        if (MessageGate.isGone(context)) {
            return;
        }
        MessageGate.requireAccept(context.request(), MediaTypes.EVENT_STREAM);
        Principal principal = security.principal(context);
        StatefulSession<StreamableChannel> session = requireSession(context, principal, null);
        String lastEvent = context.request().getHeader(LAST_EVENT_HEADER);
        ResumableStream resumed = lastEvent == null ? null : requireStream(session, lastEvent);
        SseStream connection = streams.prepare(context, principal);
        connection.open();
        streams.add(context, principal, connection, why -> {
            connection.end();
            return true;
        });
        if (resumed == null) {
            ResumableStream events = session.channel().listen(connection);
            session.sendChanges();
            MessageGate.atEnd(context, () -> events.detach(connection));
        } else {
            resumed.resume(lastEvent, connection);
            MessageGate.atEnd(context, () -> resumed.detach(connection));
        }
    }

    /** The stream that the client resumes. A stream of another session is unknown here. */
    private static ResumableStream requireStream(StatefulSession<StreamableChannel> session, String lastEvent) {
        return session.channel().streamOf(lastEvent).orElseThrow(() -> new HttpProblem(400, JsonRpcErrors.response(null, JsonRpcErrors.REFUSED,
            "Last-Event-ID names no stream that can be resumed: open one without it")));
    }

    private void end(RoutingContext context) {
        sessions.remove(requireSession(context, security.principal(context), null));
        context.response().setStatusCode(204).end();
    }
}

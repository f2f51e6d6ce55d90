package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.feature.McpEngine;
import dev.gatehouse.mcp.feature.Operations;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors.BadMessage;
import dev.gatehouse.mcp.jsonrpc.MessageCodec;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import dev.gatehouse.mcp.jsonrpc.MessageSink.Ending;
import dev.gatehouse.mcp.stateful.SessionChannel.DuplexChannel;
import dev.gatehouse.mcp.stateful.SessionRegistry;
import dev.gatehouse.mcp.stateful.StatefulServer;
import dev.gatehouse.mcp.stateful.StatefulSession;
import dev.gatehouse.shared.http.MediaTypes;
import dev.gatehouse.shared.http.MountPoint;
import dev.gatehouse.shared.http.RequestLog;
import dev.gatehouse.shared.secret.SecretToken;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * HTTP+SSE of revision 2024-11-05: a GET opens the stream, its first event has the URL for POST, and all responses are sent on the stream. A
 * POST gets 202 as soon as its message is parsed.
 */
final class SseEndpoint {

    private final McpEngine engine;
    private final StatefulServer stateful;
    private final SessionRegistry sessions;
    private final StreamRegistry streams;
    private final MessageGate gate;
    private final McpTransportOptions options;
    private final RequestSecurity security;

    SseEndpoint(McpCore core, StreamRegistry streams, MessageGate gate, McpTransportOptions options, RequestSecurity security) {
        this.engine = core.engine();
        this.stateful = core.stateful();
        this.sessions = core.sessions();
        this.streams = streams;
        this.gate = gate;
        this.options = options;
        this.security = security;
    }

    void open(RoutingContext context) {
        RequestLog.detail(context, "era", () -> "2024-11-05");
        context.request().resume();
        if (MessageGate.isGone(context)) {
            return;
        }
        try {
            MessageGate.requireAccept(context.request(), MediaTypes.EVENT_STREAM);
            Principal principal = security.principal(context);
            SseStream stream = streams.prepare(context, principal);
            StatefulSession<DuplexChannel> session = new StatefulSession<>(stateful, SecretToken.generate(""), principal,
                new DuplexChannel(new StreamSink(stream, engine.codec())));
            sessions.add(session);
            stream.open();
            AtomicBoolean stopping = new AtomicBoolean();
            streams.add(context, principal, stream, why -> end(session, stream, why, stopping));
            MessageGate.atEnd(context, () -> sessions.remove(session));
            stream.event("endpoint", messagesPath(context) + "?sessionId=" + session.id());
        } catch (RuntimeException e) {
            gate.refuse(context, e);
        }
    }

    /**
     * Each request has its own token and gets its response. Notifications end with the token of the stream. When the server stops, a request may
     * have arrived that the session does not know yet, so the first call ends no stream.
     */
    private static boolean end(StatefulSession<DuplexChannel> session, SseStream stream, Ending why, AtomicBoolean stopping) {
        boolean first = why == Ending.STOPPING && stopping.compareAndSet(false, true);
        if (first || why != Ending.REVOKED && session.isBusy()) {
            session.channel().silence();
            return false;
        }
        stream.end();
        return true;
    }

    /** Relative to the origin, as the client sees it: below the public path behind a proxy, and below that of a sub-router. */
    private String messagesPath(RoutingContext context) {
        return security.publicPath(MountPoint.of(context)) + McpHttpTransport.MESSAGES;
    }

    void post(RoutingContext context) {
        RequestLog.detail(context, "era", () -> "2024-11-05");
        RequestLog.secretId(context, "session", context.request().getParam("sessionId"));
        Principal principal = security.principal(context);
        gate.read(context).onComplete(message -> accept(context, principal, message), failure -> gate.refuse(context, failure));
    }

    private void accept(RoutingContext context, Principal principal, JSONRPCMessage message) {
        try {
            StatefulSession<DuplexChannel> session = requireSession(context, principal);
            if (message instanceof JSONRPCRequest request) {
                accept(context, session, request);
                return;
            }
            if (message instanceof JSONRPCNotification notification) {
                session.accept(notification);
            } else if (message instanceof JSONRPCResponse response) {
                session.accept(response);
            }
            context.response().setStatusCode(202).end();
        } catch (RuntimeException e) {
            gate.refuse(context, e);
        }
    }

    private void accept(RoutingContext context, StatefulSession<DuplexChannel> session, JSONRPCRequest request) {
        try {
            Operations.Checked checked = engine.operations().check(request);
            // The token of this request decides, not the one that opened the stream.
            Principal principal = security.principal(context);
            if (gate.isAllowed(context, principal, checked.scopes(), checked.request())) {
                context.response().setStatusCode(202).end();
                session.run(checked, principal, session.channel().reply());
            }
        } catch (BadMessage e) {
            context.response().setStatusCode(202).end();
            session.channel().send(e.response());
        }
    }

    private StatefulSession<DuplexChannel> requireSession(RoutingContext context, Principal principal) {
        String id = context.request().getParam("sessionId");
        if (id == null) {
            throw new HttpProblem(400, JsonRpcErrors.response(null, JsonRpcErrors.REFUSED, "sessionId is missing: open GET /sse first"));
        }
        return sessions.find(id, principal, DuplexChannel.class).orElseThrow(() -> new HttpProblem(404,
            JsonRpcErrors.response(null, JsonRpcErrors.SESSION_NOT_FOUND, "Session not found: open GET /sse again")));
    }

    /** Sends messages as events. */
    private record StreamSink(SseStream stream, MessageCodec codec) implements MessageSink {

        @Override
        public Future<Void> send(JSONRPCMessage message) {
            return Future.succeededFuture(message).map(codec::encode).compose(stream::message);
        }

        @Override
        public void finish() {
            stream.end();
        }
    }
}

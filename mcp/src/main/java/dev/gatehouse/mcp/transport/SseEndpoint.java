package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.feature.CallContext;
import dev.gatehouse.mcp.feature.Operations;
import dev.gatehouse.mcp.jsonrpc.BadMessage;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.MessageCodec;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import dev.gatehouse.mcp.jsonrpc.MessageSink.Ending;
import dev.gatehouse.mcp.stateful.Conversation;
import dev.gatehouse.mcp.stateful.McpEngine;
import dev.gatehouse.mcp.stateful.OwnedSession;
import dev.gatehouse.mcp.stateful.SessionRegistry;
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
 * HTTP+SSE of revision 2024-11-05: a GET opens the stream, its first event names the URL to POST to, and all answers come
 * by the stream. A POST is answered with 202 as soon as its message is understood.
 */
final class SseEndpoint {

    private final McpEngine engine;
    private final SessionRegistry sessions;
    private final OpenStreams streams;
    private final MessageGate gate;
    private final McpTransportOptions options;
    private final RequestSecurity security;

    SseEndpoint(McpCore core, OpenStreams streams, MessageGate gate, McpTransportOptions options, RequestSecurity security) {
        this.engine = core.engine();
        this.sessions = core.sessions();
        this.streams = streams;
        this.gate = gate;
        this.options = options;
        this.security = security;
    }

    void open(RoutingContext context) {
        RequestLog.fact(context, "era", "2024-11-05");
        context.request().resume();
        if (MessageGate.isGone(context)) {
            return;
        }
        try {
            MessageGate.requireAccept(context.request(), MediaTypes.EVENT_STREAM);
            Principal principal = security.principal(context);
            SseStream stream = streams.prepare(context, principal);
            Conversation conversation = new Conversation(engine, new StreamOutbound(stream, engine.codec()));
            SseSession session = new SseSession(SecretToken.generate(""), principal, stream, conversation);
            sessions.add(session);
            stream.open();
            AtomicBoolean stopping = new AtomicBoolean();
            streams.add(context, principal, stream, why -> end(session, why, stopping));
            MessageGate.atEnd(context, () -> sessions.remove(session));
            stream.event("endpoint", messagesPath(context) + "?sessionId=" + session.id());
        } catch (RuntimeException e) {
            gate.refuse(context, e);
        }
    }

    /**
     * Requests come with tokens of their own and get their answers. Notifications end with the token of the stream. When the server stops, a
     * request may have arrived that the conversation does not know yet: the first look ends no stream.
     */
    private static boolean end(SseSession session, Ending why, AtomicBoolean stopping) {
        boolean first = why == Ending.STOPPING && stopping.compareAndSet(false, true);
        if (first || why != Ending.REVOKED && session.conversation().isBusy()) {
            session.conversation().silence();
            return false;
        }
        session.stream().end();
        return true;
    }

    /** Relative to the origin, as the client sees it: below the public path behind a proxy, and below that of a sub-router. */
    private String messagesPath(RoutingContext context) {
        return security.publicPath(MountPoint.of(context)) + McpHttpTransport.MESSAGES;
    }

    void post(RoutingContext context) {
        RequestLog.fact(context, "era", "2024-11-05");
        RequestLog.secretId(context, "session", context.request().getParam("sessionId"));
        Principal principal = security.principal(context);
        gate.read(context).onComplete(message -> accept(context, principal, message), failure -> gate.refuse(context, failure));
    }

    private void accept(RoutingContext context, Principal principal, JSONRPCMessage message) {
        try {
            SseSession session = requireSession(context, principal);
            if (message instanceof JSONRPCRequest request) {
                accept(context, session, request);
                return;
            }
            if (message instanceof JSONRPCNotification notification) {
                session.conversation().accept(notification);
            } else if (message instanceof JSONRPCResponse response) {
                session.conversation().accept(response);
            }
            context.response().setStatusCode(202).end();
        } catch (RuntimeException e) {
            gate.refuse(context, e);
        }
    }

    private void accept(RoutingContext context, SseSession session, JSONRPCRequest request) {
        Conversation conversation = session.conversation();
        try {
            Operations.Checked checked = engine.operations().check(request);
            // The token of this very request counts, not the one that opened the stream.
            Principal principal = security.principal(context);
            if (gate.isAllowed(context, principal, checked.scopes())) {
                context.response().setStatusCode(202).end();
                conversation.run(checked, new CallContext(principal));
            }
        } catch (BadMessage e) {
            context.response().setStatusCode(202).end();
            conversation.send(e.response());
        }
    }

    private SseSession requireSession(RoutingContext context, Principal principal) {
        String id = context.request().getParam("sessionId");
        if (id == null) {
            throw new HttpProblem(400, JsonRpcErrors.response(null, JsonRpcErrors.REFUSED, "sessionId is missing: open GET /sse first"));
        }
        return sessions.find(id, principal, SseSession.class).orElseThrow(() -> new HttpProblem(404,
            JsonRpcErrors.response(null, JsonRpcErrors.SESSION_NOT_FOUND, "Session not found: open GET /sse again")));
    }

    /** An open stream of events as the way out for messages. */
    record StreamOutbound(SseStream stream, MessageCodec codec) implements MessageSink {

        @Override
        public Future<Void> send(JSONRPCMessage message) {
            return Future.succeededFuture(message).map(codec::encode).compose(stream::message);
        }

        @Override
        public void finish() {
            stream.end();
        }
    }

    /** One connection of HTTP+SSE: its stream, and the conversation that leaves by it. It lives as long as the stream. */
    record SseSession(String id, Principal owner, SseStream stream, Conversation conversation) implements OwnedSession {

        @Override
        public boolean isQuiet() {
            return false;
        }

        @Override
        public boolean isBusy() {
            return conversation.isBusy();
        }

        @Override
        public void close() {
            conversation.close();
            stream.end();
        }
    }
}

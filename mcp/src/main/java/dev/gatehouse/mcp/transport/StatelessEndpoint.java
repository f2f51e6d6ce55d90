package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors.BadMessage;
import dev.gatehouse.mcp.stateless.StatelessError;
import dev.gatehouse.mcp.stateless.StatelessRequest;
import dev.gatehouse.mcp.stateless.StatelessServer;
import dev.gatehouse.shared.http.MediaTypes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.vertx.ext.web.RoutingContext;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Streamable HTTP of revision 2026-07-28: a POST for each request, no sessions, and the end of its connection cancels it. */
final class StatelessEndpoint {

    private final McpCore core;
    private final StreamRegistry streams;
    private final MessageGate gate;
    private final McpTransportOptions options;
    private final Set<StatelessRequest> underWay = ConcurrentHashMap.newKeySet();

    StatelessEndpoint(McpCore core, StreamRegistry streams, MessageGate gate, McpTransportOptions options) {
        this.core = core;
        this.streams = streams;
        this.gate = gate;
        this.options = options;
    }

    /** Answers a message whose principal has been authenticated. */
    void accept(RoutingContext context, Principal principal, JSONRPCMessage message) {
        if (MessageGate.isGone(context)) {
            return;
        }
        if (message instanceof JSONRPCRequest request) {
            accept(context, principal, request);
        } else if (message instanceof JSONRPCNotification) {
            // This revision has none that a server must act upon: cancelling is the end of the connection.
            context.response().setStatusCode(202).end();
        } else {
            throw new HttpProblem(400, "This revision has no responses to the server: answer in inputResponses");
        }
    }

    private void accept(RoutingContext context, Principal principal, JSONRPCRequest request) {
        StatelessServer.Incoming incoming;
        try {
            incoming = core.stateless().check(request, name -> header(context, name));
        } catch (StatelessError e) {
            throw new HttpProblem(e.status(), e.response(request.id()));
        } catch (BadMessage e) {
            throw new HttpProblem(200, e.response());
        }
        if (request.method().equals("subscriptions/listen")) {
            MessageGate.requireAccept(context.request(), MediaTypes.EVENT_STREAM);
        }
        if (gate.isAllowed(context, principal, incoming.scopes(), incoming.typed())) {
            HttpReply reply = new HttpReply(context, principal, core.engine().codec(), streams, options, ReplyStream::plain);
            StatelessRequest running = core.stateless().run(incoming, principal, reply);
            reply.keepAlive();
            // A request that was answered at once is over: its end handlers would not run any more.
            if (!context.response().ended()) {
                underWay.add(running);
                MessageGate.atEnd(context, () -> {
                    underWay.remove(running);
                    running.cancel();
                });
            }
        }
    }

    /** The number of pending requests. */
    int underWay() {
        return underWay.size();
    }

    /** Ends the endless responses in order. */
    void close() {
        List.copyOf(underWay).forEach(StatelessRequest::close);
    }

    /** Joins the values of a repeated header, so that they equal no value of the body. */
    private static String header(RoutingContext context, CharSequence name) {
        List<String> values = context.request().headers().getAll(name);
        return values.isEmpty() ? null : values.size() == 1 ? values.get(0) : String.join(", ", values);
    }
}

package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.feature.McpEngine;
import dev.gatehouse.mcp.feature.Operations;
import dev.gatehouse.mcp.jsonrpc.Batch;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors.BadMessage;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import dev.gatehouse.mcp.stateful.StatefulSession;
import dev.gatehouse.mcp.stateful.StreamableChannel;
import dev.gatehouse.shared.http.MediaTypes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Replies to a batch with one stream of events, one for each response. If the caller lacks a scope or an authentication for any of the requests, it is challenged
 * before one of them runs.
 */
final class BatchEndpoint {

    private final McpEngine engine;
    private final StreamRegistry streams;
    private final MessageGate gate;
    private final McpTransportOptions options;

    BatchEndpoint(McpEngine engine, StreamRegistry streams, MessageGate gate, McpTransportOptions options) {
        this.engine = engine;
        this.streams = streams;
        this.gate = gate;
        this.options = options;
    }

    void accept(RoutingContext context, Principal principal, StatefulSession<StreamableChannel> session, Batch batch) {
        List<Operations.Checked> requests = new ArrayList<>();
        List<JSONRPCResponse> refusals = new ArrayList<>(batch.refusals());
        for (JSONRPCMessage message : batch.messages()) {
            if (message instanceof JSONRPCRequest request) {
                check(request, requests, refusals);
            }
        }
        Set<String> scopes = requests.stream().flatMap(checked -> checked.scopes().stream()).collect(Collectors.toSet());
        if (!gate.isAllowed(context, principal, scopes, requests.stream().map(Operations.Checked::request).toList())) {
            return;
        }
        boolean isAnswered = !requests.isEmpty() || !refusals.isEmpty();
        if (isAnswered) {
            MessageGate.requireAccept(context.request(), MediaTypes.EVENT_STREAM);
        }
        batch.messages().forEach(message -> tell(session, message));
        if (!isAnswered) {
            context.response().setStatusCode(202).end();
            return;
        }
        HttpReply reply = new HttpReply(context, principal, engine.codec(), streams, options, ReplyStream.resumable(session.channel()));
        reply.begin();
        SharedReply shared = new SharedReply(reply, requests.size() + 1);
        requests.forEach(checked -> session.run(checked, principal, shared.part()));
        MessageSink rest = shared.part();
        refusals.forEach(rest::send);
        rest.finish();
    }

    private void check(JSONRPCRequest request, List<Operations.Checked> requests, List<JSONRPCResponse> refusals) {
        try {
            requests.add(engine.operations().check(request));
        } catch (BadMessage e) {
            refusals.add(e.response());
        }
    }

    private static void tell(StatefulSession<StreamableChannel> session, JSONRPCMessage message) {
        if (message instanceof JSONRPCNotification notification) {
            session.accept(notification);
        } else if (message instanceof JSONRPCResponse response) {
            session.accept(response);
        }
    }

    /** A reply for several requests, which is finished with the last of them. */
    private static final class SharedReply {

        private final MessageSink outbound;
        private final AtomicInteger open;
        private final List<Consumer<MessageSink.Ending>> onEnding = new CopyOnWriteArrayList<>();

        /** @param parts the number of parts */
        SharedReply(MessageSink outbound, int parts) {
            this.outbound = outbound;
            this.open = new AtomicInteger(parts);
            outbound.onEnding(why -> onEnding.forEach(action -> action.accept(why)));
        }

        /** The part of one request. */
        MessageSink part() {
            AtomicBoolean finished = new AtomicBoolean();
            return new MessageSink() {
                @Override
                public Future<Void> send(JSONRPCMessage message) {
                    return outbound.send(message);
                }

                @Override
                public boolean canAsk() {
                    return outbound.canAsk();
                }

                @Override
                public void onEnding(Consumer<Ending> action) {
                    onEnding.add(action);
                }

                @Override
                public void finish() {
                    if (finished.compareAndSet(false, true) && open.decrementAndGet() == 0) {
                        outbound.finish();
                    }
                }
            };
        }
    }
}

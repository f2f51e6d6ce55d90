package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.jsonrpc.MessageSink;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.vertx.core.Future;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One way back for several requests: it is finished with the last of them. */
final class SharedReply {

    private final MessageSink outbound;
    private final AtomicInteger open;
    private final List<Consumer<MessageSink.Ending>> onEnding = new CopyOnWriteArrayList<>();

    /** @param parts how many will be taken */
    SharedReply(MessageSink outbound, int parts) {
        this.outbound = outbound;
        this.open = new AtomicInteger(parts);
        outbound.onEnding(why -> onEnding.forEach(action -> action.accept(why)));
    }

    /** The way back of one of the requests. */
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

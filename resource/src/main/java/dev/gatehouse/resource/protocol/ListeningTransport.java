package dev.gatehouse.resource.protocol;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import reactor.core.publisher.Mono;

/** A stream for what the server says unasked, seen from the SDK, which closes it when another takes its place. */
final class ListeningTransport implements McpStreamableServerTransport {

    private final Outbound outbound;
    private final WireMapper mapper;

    ListeningTransport(Outbound outbound, WireMapper mapper) {
        this.outbound = outbound;
        this.mapper = mapper;
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return Monos.from(() -> outbound.send(message));
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message, String messageId) {
        return sendMessage(message);
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> typeRef) {
        return mapper.convertValue(data, typeRef);
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(outbound::finish);
    }

    @Override
    public void close() {
        outbound.finish();
    }
}

package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.feature.FeatureRegistry;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import io.modelcontextprotocol.server.McpRequestHandler;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.SubscribeRequest;
import io.modelcontextprotocol.spec.McpSchema.UnsubscribeRequest;
import reactor.core.publisher.Mono;

import java.util.Map;

/** {@code resources/subscribe} and {@code resources/unsubscribe}, of the revisions with sessions. */
final class ResourceSubscribing {

    private final FeatureRegistry catalogue;

    ResourceSubscribing(FeatureRegistry catalogue) {
        this.catalogue = catalogue;
    }

    void addTo(Map<String, McpRequestHandler<?>> handlers) {
        handlers.put("resources/subscribe", (exchange, params) -> subscribe(
            ((StatefulContext) exchange.transportContext()).session(), ((SubscribeRequest) params).uri()));
        handlers.put("resources/unsubscribe", (exchange, params) -> {
            ((StatefulContext) exchange.transportContext()).session().subscriptions().remove(((UnsubscribeRequest) params).uri());
            return Mono.just(Map.of());
        });
    }

    private Mono<Object> subscribe(StatefulSession session, String uri) {
        if (catalogue.resource(uri).isEmpty()) {
            return Mono.error(McpError.RESOURCE_NOT_FOUND.apply(uri));
        }
        return session.subscriptions().add(uri) ? Mono.just(Map.of())
            : Mono.error(JsonRpcErrors.exception(JsonRpcErrors.REFUSED, "Too many subscriptions: unsubscribe from some first"));
    }
}

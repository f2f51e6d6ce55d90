package dev.gatehouse.resource.protocol;

import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerSession.McpStreamableServerSessionInit;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The one transport provider that the SDK's server is bound to, whatever the wires are. It makes sessions, and knows the
 * open ones so that the server can notify them.
 */
final class SessionFactory implements McpStreamableServerTransportProvider {

    private final Map<String, McpStreamableServerSession> open = new ConcurrentHashMap<>();
    private McpStreamableServerSession.Factory factory;

    @Override
    public void setSessionFactory(McpStreamableServerSession.Factory sessionFactory) {
        factory = sessionFactory;
    }

    @Override
    public List<String> protocolVersions() {
        return LegacyVersions.ALL;
    }

    McpStreamableServerSessionInit start(InitializeRequest request) {
        McpStreamableServerSessionInit started = factory.startSession(request);
        open.put(started.session().getId(), started.session());
        return started;
    }

    void end(McpStreamableServerSession session) {
        if (open.remove(session.getId(), session)) {
            session.close();
        }
    }

    @Override
    public Mono<Void> notifyClients(String method, Object params) {
        return Flux.fromIterable(open.values())
            .flatMap(session -> session.sendNotification(method, params).onErrorComplete())
            .then();
    }

    @Override
    public Mono<Void> notifyClient(String sessionId, String method, Object params) {
        McpStreamableServerSession session = open.get(sessionId);
        return session == null ? Mono.empty() : session.sendNotification(method, params);
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(() -> List.copyOf(open.values()).forEach(this::end));
    }
}

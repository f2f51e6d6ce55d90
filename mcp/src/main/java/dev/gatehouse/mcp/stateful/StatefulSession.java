package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.feature.Change;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.vertx.CallerContext;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A session of a revision with {@code initialize}: the SDK's, and what the SDK does not keep of one. */
final class StatefulSession {

    /** The one revision that has ids of elicitations. */
    private static final String URL_ELICITATION = "2025-11-25";

    private final McpStreamableServerSession sdk;
    private final String version;
    private volatile Function<JSONRPCMessage, Future<Void>> unasked = message -> Future.succeededFuture();
    private final ResourceSubscriptions subscriptions = new ResourceSubscriptions();

    private final Map<?, ?> capabilities;
    private final Map<Object, Promise<Object>> questions = new ConcurrentHashMap<>();

    /** @param capabilities as the client declared them, of which the SDK's types know a part */
    StatefulSession(McpStreamableServerSession sdk, String version, Map<?, ?> capabilities) {
        this.sdk = sdk;
        this.version = version;
        this.capabilities = capabilities;
    }

    /** Whether the client has declared that its model may be offered tools. */
    boolean declaresSamplingTools() {
        return capabilities.get("sampling") instanceof Map<?, ?> sampling && sampling.get("tools") instanceof Map;
    }

    /** Asks the client what the SDK's types cannot say. Fails with {@link McpError} if it answers with an error, or as a timeout does. */
    Future<Object> ask(ReplyTransport way, String method, Map<String, Object> params, Duration limit) {
        String id = SecretToken.generate("");
        Promise<Object> answer = CallerContext.promise();
        questions.put(id, answer);
        way.ask(new JSONRPCRequest("2.0", method, id, params)).onFailure(answer::tryFail);
        return answer.future().timeout(limit.toMillis(), TimeUnit.MILLISECONDS).onComplete(over -> questions.remove(id));
    }

    /** Nothing that was asked will be answered. */
    void close() {
        questions.values().forEach(question -> question.tryFail(new CancellationException("The session has ended")));
        sdk.close();
    }

    McpStreamableServerSession sdk() {
        return sdk;
    }

    /** Takes the client's answer to a question of the server. An answer to none is ignored: the question may have timed out. */
    public void accept(JSONRPCResponse response) {
        Promise<Object> own = questions.remove(response.id());
        if (own == null) {
            sdk.accept(response).onErrorComplete().subscribe();
        } else if (response.error() != null) {
            own.tryFail(new McpError(response.error()));
        } else {
            own.tryComplete(response.result());
        }
    }

    /** Whether its revision sends users to pages. */
    boolean hasUrlElicitation() {
        return version.equals(URL_ELICITATION);
    }

    /** Says how what belongs to no request under way is told, if anyone listens. */
    public void unasked(Function<JSONRPCMessage, Future<Void>> way) {
        unasked = way;
    }

    Future<Void> tellUnasked(JSONRPCMessage message) {
        return unasked.apply(message);
    }

    /** The revision that was agreed on. */
    public String version() {
        return version;
    }

    /** The resources that the client wants to hear of. */
    public ResourceSubscriptions subscriptions() {
        return subscriptions;
    }

    /** The resources that one client wants to hear of when they change. Safe for use from any thread. */
    public static final class ResourceSubscriptions {

        private static final int MAXIMUM = 1_000;

        private Set<String> uris = Set.of();

        /** @return false if there are as many as one client may have */
        synchronized boolean add(String uri) {
            if (uris.isEmpty()) {
                uris = new HashSet<>();
            }
            return uris.contains(uri) || uris.size() < MAXIMUM && uris.add(uri);
        }

        synchronized void remove(String uri) {
            if (!uris.isEmpty()) {
                uris.remove(uri);
            }
        }

        /** Whether the client wants to hear of a change: of lists it always does. */
        public synchronized boolean wants(Change change) {
            return change.kind() != Change.Kind.RESOURCE_UPDATED || uris.contains(change.uri());
        }
    }
}

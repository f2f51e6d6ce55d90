package dev.gatehouse.mcp;

import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.transport.RequestSecurity;
import dev.gatehouse.shared.oauth.Loopback;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * No authorization: programs on this machine are one and the same caller, who has every scope. A browser that was led here by a foreign
 * name is told by its {@code Host} (2026-07-28, Streamable HTTP, security).
 */
final class OpenAccess implements McpAccess, RequestSecurity {

    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Principal everybody;

    OpenAccess(Set<String> scopes) {
        everybody = new Principal("urn:gatehouse:nobody", "anybody", "any", scopes, Long.MAX_VALUE, new JsonObject());
    }

    @Override
    public void mount(Router router) {
        // There is nothing to know before.
    }

    @Override
    public Handler<RoutingContext> authentication() {
        return context -> {
            HttpServerRequest request = context.request();
            HostAndPort called = request.authority();
            if (Loopback.isLoopbackAddress(request.remoteAddress().hostAddress())
                && called != null && NAMES.contains(called.host().toLowerCase(Locale.ROOT))) {
                context.next();
            } else {
                context.response().setStatusCode(403).end("This server has no authorization, so it serves only its own machine");
            }
        };
    }

    @Override
    public RequestSecurity security() {
        return this;
    }

    @Override
    public Principal principal(RoutingContext context) {
        return everybody;
    }

    @Override
    public void insufficientScope(RoutingContext context, Set<String> needed) {
        context.response().setStatusCode(403).end("The scopes " + needed.stream().sorted().collect(Collectors.joining(" ")) + " are missing");
    }

    @Override
    public Object credential(RoutingContext context) {
        return everybody;
    }

    @Override
    public Future<Validity> validity(RoutingContext context) {
        return Future.succeededFuture(Validity.GOOD);
    }

    @Override
    public void close() {
        // nothing is held
    }
}

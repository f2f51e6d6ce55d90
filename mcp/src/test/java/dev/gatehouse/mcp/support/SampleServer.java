package dev.gatehouse.mcp.support;

import dev.gatehouse.mcp.api.CallPolicy.StepUp;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.feature.McpFeatures;
import dev.gatehouse.mcp.transport.McpHttpTransport;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import dev.gatehouse.mcp.transport.RequestSecurity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * A real HTTP server with the transport on it. The bearer token is {@code NAME} or {@code NAME:SCOPE,SCOPE}: the user is that
 * name, with both scopes unless they are listed.
 */
public final class SampleServer implements RequestSecurity {

    public static final long NEVER = 4_000_000_000L;

    public final Set<String> revoked = ConcurrentHashMap.newKeySet();
    public volatile long expiresAt = NEVER;
    /** The tokens that were asked about, while their streams were open. */
    public final Queue<String> asked = new ConcurrentLinkedQueue<>();
    /** The answer to each check of a token. */
    public volatile Function<Validity, Future<Validity>> validity = Future::succeededFuture;
    /** Each authentication waits for this future. */
    public volatile Function<RoutingContext, Future<Void>> check = context -> Future.succeededFuture();
    public McpHttpTransport transport;
    public HttpServer http;

    public static Future<SampleServer> start(Vertx vertx, McpFeatures features, McpTransportOptions options, Clock clock) {
        SampleServer server = new SampleServer();
        server.transport = new McpHttpTransport(vertx, features, options, server, clock);
        Router router = Router.router(vertx);
        router.route().handler(server.transport.originGuard());
        router.route().handler(server::authenticate);
        server.transport.mount(router);
        return vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").map(http -> {
            server.http = http;
            return server;
        });
    }

    public int port() {
        return http.actualPort();
    }

    public void authenticate(RoutingContext context) {
        String header = context.request().getHeader("Authorization");
        if (header == null || revoked.contains(header.substring(7))) {
            context.response().setStatusCode(401).end();
            return;
        }
        String[] token = header.substring(7).split(":");
        Set<String> scopes = token.length == 1 ? Set.of("mcp:read", "mcp:write") : Set.of(token[1].split(","));
        context.put("principal", new Principal("http://issuer", token[0], "client", scopes, expiresAt, new JsonObject()));
        // As real authentication does, which must not lose the body.
        context.request().pause();
        check.apply(context).onComplete(looked -> context.vertx().runOnContext(go -> context.next()));
    }

    @Override
    public Principal principal(RoutingContext context) {
        return context.get("principal");
    }

    @Override
    public void insufficientScope(RoutingContext context, Set<String> needed) {
        context.response().setStatusCode(403).putHeader("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\""
            + String.join(" ", needed.stream().sorted().toList()) + "\"").end();
    }

    @Override
    public void insufficientAuthentication(RoutingContext context, StepUp needed) {
        context.response().setStatusCode(401).end();
    }

    @Override
    public Object credential(RoutingContext context) {
        return context.request().getHeader("Authorization");
    }

    @Override
    public Future<Validity> validity(RoutingContext context) {
        asked.add(context.request().getHeader("Authorization").substring(7));
        return validity.apply(revoked.contains(context.request().getHeader("Authorization").substring(7)) ? Validity.ENDED : Validity.GOOD);
    }
}

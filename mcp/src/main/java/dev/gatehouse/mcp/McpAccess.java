package dev.gatehouse.mcp;

import dev.gatehouse.mcp.api.CallPolicy.StepUp;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.bearer.BearerHandler;
import dev.gatehouse.mcp.bearer.BearerSecurity;
import dev.gatehouse.mcp.bearer.DpopGuard;
import dev.gatehouse.mcp.bearer.DpopGuard.DpopOptions;
import dev.gatehouse.mcp.bearer.ExampleClient;
import dev.gatehouse.mcp.bearer.ProtectedResource;
import dev.gatehouse.mcp.bearer.ResourceMetadataEndpoint;
import dev.gatehouse.mcp.bearer.TokenValidator;
import dev.gatehouse.mcp.transport.RequestSecurity;
import dev.gatehouse.shared.http.ClientCertificates;
import dev.gatehouse.shared.oauth.Loopback;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Decides which callers may use an MCP server. */
interface McpAccess {

    /** Mounts what clients read before they have access. */
    void mount(Router router);

    /** Lets in who may come in, and answers who may not. */
    Handler<RoutingContext> authentication();

    /** The same before other routes than those of the transports. */
    default Handler<RoutingContext> routeAuthentication() {
        return authentication();
    }

    /** The authenticated callers of requests. */
    RequestSecurity security();

    /** Succeeds if callers can be authenticated now; fails with the reason otherwise. */
    default Future<Void> canValidate() {
        return Future.succeededFuture();
    }

    /** Does now what would otherwise slow down the first request. */
    default void warmUp() {
        // nothing to do
    }

    void close();

    /**
     * No authorization: programs on this machine are one and the same caller, who has every scope. A browser that was led here by a foreign
     * name is told by its {@code Host} (2026-07-28, Streamable HTTP, security).
     */
    final class OpenAccess implements McpAccess, RequestSecurity {

        private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

        private final Principal anonymous;

        OpenAccess(Set<String> scopes) {
            anonymous = new Principal("urn:gatehouse:nobody", "anybody", "any", scopes, Long.MAX_VALUE, new JsonObject());
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
            return anonymous;
        }

        @Override
        public void insufficientScope(RoutingContext context, Set<String> needed) {
            context.response().setStatusCode(403).end("The scopes " + needed.stream().sorted().collect(Collectors.joining(" ")) + " are missing");
        }

        @Override
        public void insufficientAuthentication(RoutingContext context, StepUp needed) {
            context.response().setStatusCode(403).end("The policy requires an authentication, and this server has none");
        }

        @Override
        public Object credential(RoutingContext context) {
            return anonymous;
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

    /** Access tokens of an authorization server (RFC 6750, RFC 9449, RFC 9728). */
    final class ProtectedAccess implements McpAccess {

        private final TokenValidator validator;
        private final BearerHandler bearer;
        private final BearerSecurity security;
        private final ResourceMetadataEndpoint metadata;
        private final boolean originDiscovery;

        ProtectedAccess(Vertx vertx, ProtectedResource resource, TokenValidator validator, DpopOptions dpop, ClientCertificates certificates, ResourceMetadataEndpoint metadata,
                        boolean originDiscovery, ExampleClient example, Clock clock) {
            this.validator = validator;
            this.bearer = new BearerHandler(validator, new DpopGuard(vertx, resource, dpop, clock), certificates, resource, example);
            this.security = new BearerSecurity(validator, resource);
            this.metadata = metadata;
            this.originDiscovery = originDiscovery;
        }

        @Override
        public void mount(Router router) {
            metadata.mount(router, validator::issuer);
            if (originDiscovery) {
                validator.mountOriginDiscovery(router);
            }
        }

        @Override
        public Handler<RoutingContext> authentication() {
            return bearer;
        }

        @Override
        public Handler<RoutingContext> routeAuthentication() {
            return bearer.forOtherRoutes();
        }

        @Override
        public RequestSecurity security() {
            return security;
        }

        @Override
        public Future<Void> canValidate() {
            return validator.probe();
        }

        @Override
        public void warmUp() {
            validator.warmUp();
        }

        @Override
        public void close() {
            validator.close();
        }
    }
}

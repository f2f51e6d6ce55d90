package dev.gatehouse.mcp;

import dev.gatehouse.mcp.bearer.BearerHandler;
import dev.gatehouse.mcp.bearer.BearerSecurity;
import dev.gatehouse.mcp.bearer.DpopGuard;
import dev.gatehouse.mcp.bearer.DpopGuard.DpopOptions;
import dev.gatehouse.mcp.bearer.ExampleClient;
import dev.gatehouse.mcp.bearer.ProtectedResource;
import dev.gatehouse.mcp.bearer.ResourceMetadata;
import dev.gatehouse.mcp.bearer.TokenValidator;
import dev.gatehouse.mcp.transport.RequestSecurity;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;

/** Access tokens of an authorization server (RFC 6750, RFC 9449, RFC 9728). */
final class ProtectedAccess implements McpAccess {

    private final TokenValidator validator;
    private final BearerHandler bearer;
    private final BearerSecurity security;
    private final ResourceMetadata metadata;
    private final boolean originDiscovery;

    ProtectedAccess(Vertx vertx, ProtectedResource resource, TokenValidator validator, DpopOptions dpop, ResourceMetadata metadata,
                    boolean originDiscovery, ExampleClient example, Clock clock) {
        this.validator = validator;
        this.bearer = new BearerHandler(validator, new DpopGuard(vertx, resource, dpop, clock), resource, example);
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

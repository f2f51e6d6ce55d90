package dev.gatehouse.resource;

import dev.gatehouse.mcp.bearer.ProtectedResource;
import dev.gatehouse.shared.http.StaticPage;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.util.List;
import java.util.Map;

/** The home page at the root of this server. */
final class HomePage {

    private static final String TEMPLATE = "/pages/home.html";

    private final StaticPage page;

    private HomePage(StaticPage page) {
        this.page = page;
    }

    static HomePage of(ResourceServerOptions options) {
        ProtectedResource resource = ProtectedResource.of(options.resource(), options.authServer(), List.of());
        return new HomePage(StaticPage.of(TEMPLATE, Map.of("resource", resource.id().value(), "authServer", resource.authServer(),
            "metadata", resource.metadataUrl(resource.id(), ""))));
    }

    void mount(Router router) {
        router.route("/").method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::answer);
    }

    /** A client that accepts only JSON gets 404. */
    private void answer(RoutingContext context) {
        String accept = context.request().getHeader("Accept");
        if (accept != null && accept.contains("application/json") && !accept.contains("text/html")) {
            context.next();
        } else {
            page.send(context.response());
        }
    }
}

package dev.gatehouse.mcp.bearer;

import dev.gatehouse.mcp.bearer.AuthServerDirectory.Endpoints;
import dev.gatehouse.shared.http.Cors;
import dev.gatehouse.shared.http.JsonResponse;
import dev.gatehouse.shared.http.UnservedRequests;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.util.function.BiConsumer;

/**
 * Leads clients of revision 2025-03-26 to the authorization server. They know no protected resource metadata: they look for the
 * authorization server's metadata at the MCP server's origin, and without metadata use {@code /authorize}, {@code /token} and
 * {@code /register} there (2025-03-26, authorization, §2.3.3). The metadata is served and not redirected to, since some of these clients
 * follow no redirect.
 */
final class OriginDiscovery {

    private static final String METADATA = "/.well-known/oauth-authorization-server";
    private static final int MAX_AGE_SECONDS = 300;
    private static final int FOUND = 302;
    /** Method and body are sent again. */
    private static final int TEMPORARY_REDIRECT = 307;
    private static final int RETRY_SECONDS = 5;

    private final AuthServerDirectory directory;

    OriginDiscovery(AuthServerDirectory directory) {
        this.directory = directory;
    }

    void mount(Router router) {
        serve(router, METADATA, "GET, HEAD, OPTIONS", context -> answer(context, OriginDiscovery::sendMetadata), HttpMethod.GET, HttpMethod.HEAD);
        serve(router, "/authorize", "GET, HEAD, OPTIONS", redirect(FOUND, "authorization_endpoint"), HttpMethod.GET, HttpMethod.HEAD);
        serve(router, "/token", "POST, OPTIONS", redirect(TEMPORARY_REDIRECT, "token_endpoint"), HttpMethod.POST);
        serve(router, "/register", "POST, OPTIONS", redirect(TEMPORARY_REDIRECT, "registration_endpoint"), HttpMethod.POST);
    }

    private static void serve(Router router, String path, String allowed, Handler<RoutingContext> handler, HttpMethod... methods) {
        Cors.allow(router, path, allowed);
        for (HttpMethod method : methods) {
            router.route(method, path).handler(handler);
        }
        UnservedRequests.allowOnly(router, path, allowed);
    }

    private Handler<RoutingContext> redirect(int status, String endpoint) {
        return context -> answer(context, (asked, metadata) -> redirect(asked, status, metadata.getString(endpoint)));
    }

    private static void redirect(RoutingContext context, int status, String location) {
        if (location == null) {
            sendNothing(context);
            return;
        }
        String query = context.request().query();
        String separator = location.indexOf('?') < 0 ? "?" : "&";
        context.response().setStatusCode(status).putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
            .putHeader(HttpHeaders.LOCATION, query == null ? location : location + separator + query).end();
    }

    private static void sendMetadata(RoutingContext context, JsonObject metadata) {
        if (metadata.isEmpty()) {
            sendNothing(context);
        } else {
            JsonResponse.sendPublic(context, MAX_AGE_SECONDS, metadata);
        }
    }

    private static void sendNothing(RoutingContext context) {
        JsonResponse.sendError(context, 404, "not_found", "The authorization server has no such endpoint");
    }

    private void answer(RoutingContext context, BiConsumer<RoutingContext, JsonObject> answer) {
        context.request().pause();
        directory.endpoints().map(Endpoints::metadata).onComplete(metadata -> {
            context.request().resume();
            answer.accept(context, metadata);
        }, unavailable -> {
            context.request().resume();
            context.response().putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_SECONDS));
            JsonResponse.sendError(context, OAuthErrorCode.TEMPORARILY_UNAVAILABLE, "The authorization server does not answer now. Try again soon.");
        });
    }
}

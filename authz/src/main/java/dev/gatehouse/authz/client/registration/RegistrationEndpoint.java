package dev.gatehouse.authz.client.registration;

import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.http.Endpoint.Routes;
import dev.gatehouse.authz.http.OAuthErrorResponder;
import dev.gatehouse.shared.http.AuthorizationHeader;
import dev.gatehouse.shared.http.BoundedBody;
import dev.gatehouse.shared.http.Cors;
import dev.gatehouse.shared.http.JsonResponse;
import dev.gatehouse.shared.http.MediaTypes;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.http.UnservedRequests;
import dev.gatehouse.shared.json.StrictJson;
import dev.gatehouse.shared.json.StrictJson.MalformedJson;
import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.util.function.Function;

/**
 * {@code /oauth/register} (RFC 7591), and below it the client configuration endpoint of each client (RFC 7592), which reads,
 * updates and deletes the registration with the registration access token.
 */
public final class RegistrationEndpoint implements Endpoint {

    public static final String PATH = "/oauth/register";

    private static final String ONE = PATH + "/:clientId";
    private static final int MAXIMUM_BYTES = 64 * 1024;
    private static final String BEARER = "Bearer";

    private final Registrations registrations;
    private final RateLimiter limiter;
    private final String url;
    private Routes routes;

    public RegistrationEndpoint(Registrations registrations, Issuer issuer, RateLimiter limiter) {
        this.registrations = registrations;
        this.limiter = limiter;
        this.url = issuer.url(PATH);
    }

    @Override
    public void describe(JsonObject metadata) {
        metadata.put("registration_endpoint", url);
    }

    @Override
    public void mount(Routes mounted) {
        routes = mounted;
        Router router = mounted.served();
        Cors.allow(router, PATH, "POST");
        router.route(HttpMethod.POST, PATH).handler(context -> answer(context, 201, this::register));
        UnservedRequests.allowOnly(router, PATH, "POST");
        Cors.allow(router, ONE, "GET, PUT, DELETE");
        router.route(HttpMethod.GET, ONE).handler(context -> answer(context, 200, this::read));
        router.route(HttpMethod.PUT, ONE).handler(context -> answer(context, 200, this::update));
        router.route(HttpMethod.DELETE, ONE).handler(context -> answer(context, 204, this::delete));
        UnservedRequests.allowOnly(router, ONE, "GET, PUT, DELETE");
    }

    /** @param work a null result stands for an empty response */
    private void answer(RoutingContext context, int status, Function<RoutingContext, Future<JsonObject>> work) {
        if (OAuthErrorResponder.refuseAboveLimit(context, limiter, routes.addresses().sourceOf(context.request()))) {
            return;
        }
        Future.succeededFuture(context).compose(work)
            .onSuccess(json -> {
                if (json == null) {
                    context.response().setStatusCode(status).putHeader("Cache-Control", "no-store").end();
                } else {
                    JsonResponse.sendPrivate(context, status, withAddress(json));
                }
            })
            .onFailure(failure -> OAuthErrorResponder.send(context, routes.addresses(), failure));
    }

    private JsonObject withAddress(JsonObject json) {
        return json.put("registration_client_uri", url + "/" + json.getString("client_id"));
    }

    private Future<JsonObject> register(RoutingContext context) {
        return body(context).compose(sent -> registrations.register(sent, token(context),
            routes.addresses().sourceOf(context.request()), RequestId.origin(context, routes.addresses())));
    }

    private Future<JsonObject> read(RoutingContext context) {
        return registrations.read(context.pathParam("clientId"), token(context));
    }

    private Future<JsonObject> update(RoutingContext context) {
        return body(context).compose(sent -> registrations.update(context.pathParam("clientId"), token(context), sent,
            RequestId.origin(context, routes.addresses())));
    }

    private Future<JsonObject> delete(RoutingContext context) {
        return registrations.delete(context.pathParam("clientId"), token(context), RequestId.origin(context, routes.addresses()))
            .mapEmpty();
    }

    private static Future<JsonObject> body(RoutingContext context) {
        return BoundedBody.read(context, MAXIMUM_BYTES)
            .map(bytes -> {
                requireJson(context.request().getHeader("Content-Type"));
                try {
                    return StrictJson.object(bytes.getBytes());
                } catch (MalformedJson notJson) {
                    throw malformed("The body is not one JSON object without duplicate members");
                }
            });
    }

    private static void requireJson(String contentType) {
        if (!MediaTypes.is(contentType, MediaTypes.JSON)) {
            throw malformed("The content type must be application/json");
        }
    }

    private static OAuthException malformed(String reason) {
        return new OAuthException(OAuthErrorCode.INVALID_CLIENT_METADATA, reason);
    }

    /** The bearer token of a request, or null. */
    private static String token(RoutingContext context) {
        AuthorizationHeader header = AuthorizationHeader.only(context.request());
        return header != null && header.is(BEARER) && !header.credentials().isEmpty() ? header.credentials() : null;
    }
}

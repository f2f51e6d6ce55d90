package dev.gatehouse.authz.http;

import dev.gatehouse.authz.http.Endpoint.Routes;
import dev.gatehouse.shared.http.BoundedBody;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.JsonResponse;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.http.UnservedRequests;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** The common part of endpoints with form input and JSON output: limits, deadline and errors. */
public final class FormRoute {

    private static final int MAXIMUM_BYTES = 64 * 1024;
    private static final long DEADLINE_SECONDS = 10;
    /** Credentials must not appear in a query, which is written to logs (OAuth 2.1 §2.4.1). */
    private static final Set<String> NEVER_IN_QUERY = Set.of("client_secret", "client_assertion", "code", "code_verifier",
        "refresh_token", "token", "password");

    private final Routes routes;
    private final RateLimiter limiter;
    private final int status;
    private final Function<FormCall, Future<Buffer>> answer;

    /**
     * @param status the HTTP status of a successful response
     * @param answer returns the JSON response, or empty; fails with an {@link OAuthException} for an error of the client
     */
    public FormRoute(Routes routes, RateLimiter limiter, int status, Function<FormCall, Future<Buffer>> answer) {
        this.routes = routes;
        this.limiter = limiter;
        this.status = status;
        this.answer = answer;
    }

    public FormRoute(Routes routes, RateLimiter limiter, Function<FormCall, Future<Buffer>> answer) {
        this(routes, limiter, 200, answer);
    }

    /** @param path the path below the issuer's path */
    public void mount(String path) {
        String endpoint = routes.url(path);
        routes.served().route(HttpMethod.POST, path).handler(context -> handle(context, endpoint));
        UnservedRequests.allowOnly(routes.served(), path, "POST");
    }

    private void handle(RoutingContext context, String endpoint) {
        String source = routes.addresses().sourceOf(context.request());
        if (OAuthErrorResponder.refuseAboveLimit(context, limiter, source)) {
            return;
        }
        BoundedBody.read(context, MAXIMUM_BYTES).compose(body -> answer(context, body, endpoint, source))
            .onComplete(answer -> send(context, answer), failure -> OAuthErrorResponder.send(context, routes.addresses(), failure));
    }

    private Future<Buffer> answer(RoutingContext context, Buffer body, String endpoint, String source) {
        HttpServerRequest request = context.request();
        FormParameters form = FormParameters.parseBody(request.headers(), body);
        refuseSecretsInQuery(request.query());
        return withDeadline(context.vertx(), answer.apply(new FormCall(context, form, routes.addresses(), source, endpoint, routes.certificates().of(request))));
    }

    /** Sends JSON, unless the endpoint has negotiated another type. */
    private void send(RoutingContext context, Buffer body) {
        if (context.getAcceptableContentType() == null) {
            JsonResponse.sendPrivate(context, status, body);
        } else {
            JsonResponse.sendPrivateAs(context.getAcceptableContentType(), context, body);
        }
    }

    /** The timer is one of the event loop. That of a future without a context would wake another thread for each request. */
    private static Future<Buffer> withDeadline(Vertx vertx, Future<Buffer> answer) {
        if (answer.isComplete()) {
            return answer;
        }
        Promise<Buffer> inTime = Promise.promise();
        long timer = vertx.setTimer(TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS),
            late -> inTime.tryFail(new TimeoutException("no answer within " + DEADLINE_SECONDS + " s")));
        answer.onComplete(outcome -> vertx.cancelTimer(timer)).onComplete(inTime::tryComplete, inTime::tryFail);
        return inTime.future();
    }

    private static void refuseSecretsInQuery(String query) {
        if (query != null && !query.isEmpty()
            && FormParameters.parse(query).names().stream().anyMatch(NEVER_IN_QUERY::contains)) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "Send credentials in the header or the body, not in the query");
        }
    }
}

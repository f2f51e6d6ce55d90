package dev.gatehouse.shared.flight;

import dev.gatehouse.shared.http.AuthorizationHeader;
import dev.gatehouse.shared.http.CapturedBodies;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RequestLog;
import dev.gatehouse.shared.http.TokenHash;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Records each request to a demo server that is a step of a login, when it is answered, at the {@link LoginAttempts}. */
public final class FlightRecorder implements Consumer<RoutingContext> {

    private final LoginAttempts attempts;
    private final String basePath;

    /**
     * Creates the recorder.
     *
     * @param attempts the attempts of this process
     * @param basePath the path below which the server is served; empty for the root
     */
    public FlightRecorder(LoginAttempts attempts, String basePath) {
        this.attempts = attempts;
        this.basePath = basePath;
    }

    @Override
    public void accept(RoutingContext context) {
        String path = context.request().path();
        Optional<String> step = ServedStep.of(path.startsWith(basePath) ? path.substring(basePath.length()) : path);
        if (step.isPresent()) {
            CapturedBodies bodies = CapturedBodies.of(context);
            context.addEndHandler(end -> observe(context, step.get(), bodies));
        }
    }

    /** A token that a client gets for itself is no part of a login, and programs get many. */
    private static boolean isMachine(String step, int status, CapturedBodies bodies) {
        return step.equals("token") && status / 100 == 2
            && "client_credentials".equals(FormParameters.parse(bodies.request().toString()).single("grant_type"));
    }

    /** A login is followed by many calls, which are no part of it. */
    private boolean isCallAfterLogin(RoutingContext context, String step, int status) {
        HttpServerRequest request = context.request();
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        return authorization != null && status / 100 == 2 && request.method() != HttpMethod.OPTIONS && (step.equals("mcp") || step.equals("userinfo"))
            && attempts.hasArrived(TokenHash.of(context, AuthorizationHeader.parse(authorization).credentials()));
    }

    private void observe(RoutingContext context, String step, CapturedBodies bodies) {
        HttpServerRequest request = context.request();
        int status = context.response().headWritten() ? context.response().getStatusCode() : 0;
        if (isMachine(step, status, bodies) || isCallAfterLogin(context, step, status)) {
            return;
        }
        Map<String, String> facts = RequestLog.facts(context);
        Exchange exchange = new Exchange(step, request.method().name(), request.absoluteURI(), Exchange.headers(request.headers()), bodies.request().toString(),
            status, Exchange.headers(context.response().headers()), bodies.answer().toString(), status == 0 ? "the client left" : "");
        attempts.observe(exchange, String.valueOf(request.remoteAddress().hostAddress()), facts.get("error"), facts.get("reason"));
    }
}

package dev.gatehouse.mcp.bearer;

import dev.gatehouse.mcp.bearer.AuthServerDirectory.Endpoints;
import dev.gatehouse.shared.audit.OncePerMinute;
import dev.gatehouse.shared.metric.Meters;
import dev.gatehouse.shared.metric.Meters.Recorder;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks the authorization server about a token (RFC 7662). Every fault of the server becomes {@link AuthServerUnavailableException}. */
final class Introspector {

    private static final Logger LOG = LoggerFactory.getLogger(Introspector.class);
    private static final String SUBJECT = "The authorization server ";
    private static final int RETRY_SECONDS = 5;
    private static final int CONNECTIONS = 32;
    private static final int IDLE_CONNECTIONS = 4;

    private final OncePerMinute refusals = new OncePerMinute();
    private final WebClient client;
    /** For questions about the tokens of idle streams. */
    private final WebClient idleClient;
    private final IntrospectionOptions options;
    private final AuthServerDirectory directory;
    private final Recorder active;
    private final Recorder inactive;
    private final Recorder failed;
    /** True where JWTs are validated without introspection and this server has no credentials for it. Other tokens are not for such a server. */
    private final boolean jwtsOnly;

    Introspector(Vertx vertx, IntrospectionOptions options, boolean validatesJwts, TrustOptions trust, Clock clock) {
        this.jwtsOnly = validatesJwts && options.clientId() == null;
        // No redirects: a token goes to the configured server and nowhere else.
        WebClientOptions web = new WebClientOptions().setFollowRedirects(false).setUserAgent("gatehouse-resource")
            .setConnectTimeout(options.timeoutMillis()).setTrustOptions(trust);
        this.client = WebClient.create(vertx, web, new PoolOptions().setHttp1MaxSize(CONNECTIONS));
        this.idleClient = WebClient.create(vertx, web, new PoolOptions().setHttp1MaxSize(IDLE_CONNECTIONS));
        Meters meters = Meters.of(vertx);
        this.active = durations(meters, "active");
        this.inactive = durations(meters, "inactive");
        this.failed = durations(meters, "error");
        this.options = options;
        this.directory = new AuthServerDirectory(client, options, clock);
    }

    private static Recorder durations(Meters meters, String result) {
        return meters.durations("gatehouse.introspection.duration", "Time in which the authorization server answered about a token, by its answer.",
            "result", result);
    }

    /** An introspection response, its issuer, and the permitted difference of clocks in seconds. */
    record Answer(String issuer, JsonObject claims, int clockSkewSeconds) {
    }

    AuthServerDirectory directory() {
        return directory;
    }

    /**
     * Asks about a token.
     *
     * @param idle whether no request waits for the answer
     * @return the answer with its {@code active} member present, true or false
     */
    Future<Answer> introspect(String token, boolean idle) {
        long begun = System.nanoTime();
        return directory.endpoints()
            .compose(endpoints -> ask(idle ? idleClient : client, endpoints, token).map(claims -> new Answer(endpoints.issuer(), claims, 0)))
            .timeout(options.timeoutMillis(), TimeUnit.MILLISECONDS)
            .onComplete(outcome -> (outcome.failed() ? failed : outcome.result().claims().getBoolean("active") ? active : inactive)
                .record(System.nanoTime() - begun))
            .recover(failure -> Future.failedFuture(translate(failure)));
    }

    private Future<JsonObject> ask(WebClient by, Endpoints endpoints, String token) {
        HttpRequest<Buffer> request = by.postAbs(endpoints.introspection()).timeout(options.timeoutMillis())
            .putHeader("Accept", "application/json");
        if (options.clientId() != null) {
            // RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
            request.basicAuthentication(encode(options.clientId()), encode(options.clientSecret()));
        }
        MultiMap form = MultiMap.caseInsensitiveMultiMap().add("token", token).add("token_type_hint", "access_token");
        return request.sendForm(form)
            // A connection kept open may be closed by the server in the very moment that it is used again.
            .recover(failure -> failure instanceof HttpClosedException ? request.sendForm(form) : Future.failedFuture(failure))
            .map(this::read);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text == null ? "" : text, StandardCharsets.UTF_8);
    }

    private JsonObject read(HttpResponse<Buffer> response) {
        if (response.statusCode() == 401 || response.statusCode() == 403) {
            if (jwtsOnly) {
                throw new InvalidTokenException("The access token is not a JWT, and this server takes no other");
            }
            refusals.write(held -> LOG.error("The authorization server {} refuses to answer this server ({}). Register a client for it there and set introspection.clientId and introspection.clientSecret.",
                options.authServer(), response.statusCode()));
            throw AuthServerUnavailableException.refused(SUBJECT + options.authServer() + " refuses the credentials of this server: " + response.statusCode());
        }
        if (response.statusCode() != 200) {
            throw unavailable("answers " + response.statusCode() + " to token introspection");
        }
        try {
            JsonObject claims = response.bodyAsJsonObject();
            if (claims != null && claims.getValue("active") instanceof Boolean) {
                return claims;
            }
        } catch (DecodeException | ClassCastException e) {
            throw unavailable("answers token introspection with something that is not a JSON object");
        }
        throw unavailable("answers token introspection without saying whether the token is active");
    }

    private RuntimeException translate(Throwable failure) {
        if (failure instanceof AuthServerUnavailableException || failure instanceof InvalidTokenException) {
            return (RuntimeException) failure;
        }
        if (failure instanceof TimeoutException) {
            return unavailable("does not answer in time");
        }
        return unavailable("cannot be asked: " + AuthServerDirectory.why(failure));
    }

    private AuthServerUnavailableException unavailable(String what) {
        return new AuthServerUnavailableException(SUBJECT + options.authServer() + " " + what, RETRY_SECONDS);
    }

    /** Finds the endpoint before it is needed. */
    void lookUp() {
        directory.endpoints().onFailure(failure -> LOG.warn("{}. Until it can be asked, tokens are answered with 503.", failure.getMessage()));
    }

    void close() {
        client.close();
        idleClient.close();
    }
}

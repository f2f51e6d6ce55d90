package dev.gatehouse.authz.http;

import dev.gatehouse.shared.audit.OncePerMinute;
import dev.gatehouse.shared.dpop.DpopVerifier;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.JsonResponse;
import dev.gatehouse.shared.http.LastAnswer;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.http.RequestLog;
import dev.gatehouse.shared.http.RequestMetrics;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.sql.StoreUnavailableException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Sends the error response of RFC 6749 §5.2. Internal errors reveal nothing to the client. */
public final class OAuthErrorResponder {

    private static final Logger LOG = LoggerFactory.getLogger(OAuthErrorResponder.class);
    private static final String CHALLENGE = "WWW-Authenticate";
    private static final long RETRY_SECONDS = 1;
    private static final OncePerMinute OUTAGES = new OncePerMinute();
    /** Errors of a DPoP proof. At a protected resource they get status 401 and no error in the Bearer challenge (RFC 9449 §7.1). */
    private static final Set<OAuthErrorCode> PROOF_FAULTS = EnumSet.of(OAuthErrorCode.INVALID_DPOP_PROOF, OAuthErrorCode.USE_DPOP_NONCE);

    /** Answers that are no refusals, faults of the server, and refusals that a grant records with more facts. */
    private static final Set<OAuthErrorCode> UNRECORDED = EnumSet.of(OAuthErrorCode.AUTHORIZATION_PENDING, OAuthErrorCode.POLLING_TOO_FAST,
        OAuthErrorCode.EXPIRED_TOKEN, OAuthErrorCode.ACCESS_DENIED, OAuthErrorCode.SLOW_DOWN,
        OAuthErrorCode.USE_DPOP_NONCE, OAuthErrorCode.TEMPORARILY_UNAVAILABLE, OAuthErrorCode.SERVER_ERROR, OAuthErrorCode.INVALID_GRANT);

    private OAuthErrorResponder() {
    }

    /**
     * Counts a request before its body is read (RFC 6585 §4). Returns whether it exceeded the limit and has been answered.
     *
     * @param source the key of the sender, by {@link ClientAddress#sourceOf}
     */
    public static boolean refuseAboveLimit(RoutingContext context, RateLimiter limiter, String source) {
        OptionalLong wait = limiter.secondsToWait(source);
        if (wait.isEmpty()) {
            return false;
        }
        RequestMetrics.error(context, OAuthErrorCode.SLOW_DOWN.wireName());
        RequestLog.reason(context, "too many requests from this source");
        LastAnswer.on(context.request()).putHeader("Retry-After", Long.toString(wait.getAsLong()));
        JsonResponse.sendError(context, OAuthErrorCode.SLOW_DOWN, "Too many requests");
        return true;
    }

    /** Sends the error of an endpoint that authenticates clients. */
    public static void send(RoutingContext context, ClientAddress addresses, Throwable failure) {
        HttpServerResponse response = context.response();
        if (isDisconnected(context, failure)) {
            return;
        }
        OAuthException refusal = refusal(context, failure);
        RequestMetrics.error(context, refusal.code().wireName());
        if (refusal.code() == OAuthErrorCode.INVALID_CLIENT) {
            response.putHeader(CHALLENGE, "Basic realm=\"gatehouse\", charset=\"UTF-8\"");
            RequestId.origin(context, addresses).record("client_refused", "path", context.request().path(), "reason", refusal.privateReason());
        } else if (!UNRECORDED.contains(refusal.code())) {
            RequestId.origin(context, addresses).record("request_refused", "path", context.request().path(), "error", refusal.code().wireName(),
                "reason", refusal.privateReason());
        }
        if (refusal.code() == OAuthErrorCode.INVALID_TOKEN) {
            response.putHeader(CHALLENGE, "Bearer error=\"invalid_token\"");
        }
        send(context, refusal.code().status(), refusal);
    }

    /**
     * Sends the error of an endpoint that is a protected resource (RFC 6750 §3, RFC 9449 §7.1).
     *
     * @param tokenSent whether the request contained an access token; otherwise the challenges contain no error code
     * @param scope the scope that the endpoint requires
     */
    public static void sendProtected(RoutingContext context, Throwable failure, boolean tokenSent, String scope) {
        if (isDisconnected(context, failure)) {
            return;
        }
        OAuthException refusal = refusal(context, failure);
        if (refusal.code().status() < 500) {
            challenge(context.response(), refusal.code(), tokenSent, scope);
        }
        send(context, PROOF_FAULTS.contains(refusal.code()) ? 401 : refusal.code().status(), refusal);
    }

    /** Adds the challenges of a protected resource that takes tokens in the {@code Authorization} header alone. */
    public static void challenge(RoutingContext context, OAuthErrorCode code, String scope) {
        challenge(context.response(), code, context.request().headers().contains(HttpHeaders.AUTHORIZATION), scope);
    }

    /** An error of a proof is in the challenge of the scheme DPoP alone. */
    private static void challenge(HttpServerResponse response, OAuthErrorCode code, boolean tokenSent, String scope) {
        String error = tokenSent ? ", error=\"" + code.wireName() + "\"" : "";
        response.headers().add(CHALLENGE, "Bearer scope=\"" + scope + "\"" + (PROOF_FAULTS.contains(code) ? "" : error))
            .add(CHALLENGE, "DPoP algs=\"" + String.join(" ", DpopVerifier.algorithms()) + "\"" + error);
    }

    /** Returns whether an error is one of the access token of a request, or of the proof for it. */
    public static boolean isOfToken(OAuthErrorCode code) {
        return code == OAuthErrorCode.INVALID_TOKEN || PROOF_FAULTS.contains(code);
    }

    private static void send(RoutingContext context, int status, OAuthException refusal) {
        if (refusal.code() == OAuthErrorCode.TEMPORARILY_UNAVAILABLE || refusal.code() == OAuthErrorCode.SLOW_DOWN) {
            context.response().putHeader("Retry-After", Long.toString(Math.max(refusal.retryAfterSeconds(), RETRY_SECONDS)));
        }
        JsonResponse.sendError(context, status, refusal);
    }

    private static boolean isDisconnected(RoutingContext context, Throwable failure) {
        boolean disconnected = context.response().ended() || context.response().closed();
        if (disconnected) {
            LOG.debug("The client of request {} has disconnected: {}", RequestId.of(context), failure.getMessage());
        }
        return disconnected;
    }

    /** The error for a failure. The log has the cause of a failure of the server. */
    public static OAuthException refusal(RoutingContext context, Throwable failure) {
        if (failure instanceof OAuthException refusal) {
            RequestLog.reason(context, refusal.getMessage());
            return refusal;
        }
        if (failure instanceof StoreUnavailableException || failure instanceof TimeoutException) {
            OUTAGES.write(held -> LOG.warn("Request {} to {} failed temporarily, as did {} others since the last such line: {}", RequestId.of(context),
                context.request().path(), held, failure.getMessage()));
            return new OAuthException(OAuthErrorCode.TEMPORARILY_UNAVAILABLE, "The server is temporarily unavailable. Try again later");
        }
        LOG.error("Request {} to {} failed", RequestId.of(context), context.request().path(), failure);
        return new OAuthException(OAuthErrorCode.SERVER_ERROR, "Internal error; see the server log for this X-Request-Id");
    }
}

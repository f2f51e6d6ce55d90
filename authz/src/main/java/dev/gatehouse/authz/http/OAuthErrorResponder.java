package dev.gatehouse.authz.http;

import dev.gatehouse.shared.audit.OncePerMinute;
import dev.gatehouse.shared.audit.RequestOrigin;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.JsonResponse;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.http.RequestLog;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.sql.StoreUnavailableException;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.TimeoutException;

/** Sends the error response of RFC 6749 §5.2. Internal errors reveal nothing to the client. */
public final class OAuthErrorResponder {

    private static final Logger LOG = LoggerFactory.getLogger(OAuthErrorResponder.class);
    private static final long RETRY_SECONDS = 1;
    private static final OncePerMinute OUTAGES = new OncePerMinute();

    private OAuthErrorResponder() {
    }

    public static void send(RoutingContext context, ClientAddress addresses, Throwable failure) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            LOG.debug("The client of request {} has disconnected: {}", RequestId.of(context), failure.getMessage());
            return;
        }
        RequestOrigin origin = RequestId.origin(context, addresses);
        OAuthException refusal = refusal(context, failure);
        if (refusal.code() == OAuthErrorCode.INVALID_CLIENT) {
            response.putHeader("WWW-Authenticate", "Basic realm=\"gatehouse\", charset=\"UTF-8\"");
            origin.record("client_refused", "path", context.request().path(), "reason", refusal.privateReason());
        }
        if (refusal.code() == OAuthErrorCode.INVALID_TOKEN) {
            response.putHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"");
        }
        if (refusal.code() == OAuthErrorCode.TEMPORARILY_UNAVAILABLE || refusal.code() == OAuthErrorCode.SLOW_DOWN) {
            response.putHeader("Retry-After", Long.toString(Math.max(refusal.retryAfterSeconds(), RETRY_SECONDS)));
        }
        JsonResponse.sendError(response, refusal);
    }

    private static OAuthException refusal(RoutingContext context, Throwable failure) {
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

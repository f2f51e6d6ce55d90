package dev.gatehouse.authz.http;

import dev.gatehouse.shared.http.JsonResponse;
import dev.gatehouse.shared.http.LastAnswer;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.http.RequestLog;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import io.vertx.ext.web.RoutingContext;

import java.util.OptionalLong;

/** Rejects requests above the rate limit (RFC 6585 §4) before their body is read. */
public final class TooManyRequests {

    private TooManyRequests() {
    }

    /** Counts a request. Returns whether it exceeded the limit and has been answered. */
    public static boolean refuse(RoutingContext context, RateLimiter limiter, Routes routes) {
        OptionalLong wait = limiter.secondsToWait(routes.addresses().sourceOf(context.request()));
        if (wait.isEmpty()) {
            return false;
        }
        RequestLog.reason(context, "too many requests from this source");
        LastAnswer.on(context.request()).putHeader("Retry-After", Long.toString(wait.getAsLong()));
        JsonResponse.sendError(context.response(), OAuthErrorCode.SLOW_DOWN, "Too many requests");
        return true;
    }
}

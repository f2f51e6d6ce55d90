package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.Anonymous;
import dev.gatehouse.mcp.api.CallObserver;
import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.ObservedCall;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.api.UrlElicitationRequired;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A call of the code of a tool, resource or prompt. The caller must have the scopes, and the observer may refuse the call. A throw and a
 * null future become a failed future.
 */
final class GuardedCall {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedCall.class);

    private static final InputRequest ANY_PAGE = InputRequest.elicitationUrl("", "https://localhost/");

    private final Set<String> scopes;
    private final String operation;
    private final CallObserver observer;

    GuardedCall(String operation, Set<String> scopes, CallObserver observer) {
        this.operation = operation;
        this.scopes = Set.copyOf(scopes);
        this.observer = observer;
    }

    /** Runs the call. Fails with {@link CallRefused} if it may not run. */
    <T> Future<T> run(RequestExchange exchange, Supplier<Future<T>> call) {
        if (exchange.caller() instanceof Principal principal) {
            return runAs(principal, call);
        }
        return scopes.isEmpty() ? attempt(call) : refuse((Anonymous) exchange.caller(), exchange);
    }

    private static <T> Future<T> refuse(Anonymous caller, RequestExchange exchange) {
        if (caller.signIn() == null || !exchange.inputs().canAnswer(ANY_PAGE)) {
            return Future.failedFuture(new CallRefused(caller.reason()));
        }
        return attempt(() -> caller.signIn().begin(exchange.notifier()))
            .compose(page -> Future.failedFuture(new UrlElicitationRequired(caller.reason(), List.of(page))));
    }

    private <T> Future<T> runAs(Principal principal, Supplier<Future<T>> call) {
        if (!principal.scopes().containsAll(scopes)) {
            return Future.failedFuture(new CallRefused("Insufficient scope: the access token must have the scope "
                + String.join(" ", scopes) + ". Sign in again and grant it."));
        }
        return attempt(() -> observer.before(principal, operation)).compose(allowed -> attempt(call));
    }

    private static <T> Future<T> attempt(Supplier<Future<T>> call) {
        try {
            Future<T> future = call.get();
            return future == null ? Future.failedFuture(new IllegalStateException("No future was returned")) : future;
        } catch (Throwable e) {
            // Errors too: the request must get a response.
            return Future.failedFuture(e);
        }
    }

    /** Notifies the observer of a call that has ended. A failure of the observer does not fail the call. */
    void ran(Caller caller, Map<String, Object> arguments, String text, boolean failed) {
        if (caller instanceof Principal principal) {
            attempt(() -> {
                observer.after(new ObservedCall(principal, operation, arguments, text, failed));
                return Future.succeededFuture();
            }).onFailure(failure -> LOG.error("The observer of {} failed", operation, failure));
        }
    }
}

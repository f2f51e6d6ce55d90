package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import java.time.Duration;
import java.util.function.Function;

/**
 * The time limit for the code of a tool, resource or prompt. A client must not wait for ever, and its request uses memory meanwhile.
 */
public final class CallDeadline {

    /** No limit, for a task, which has its own lifetime. */
    static final CallDeadline NONE = new CallDeadline(Duration.ZERO);

    private final Duration limit;

    /**
     * Creates a deadline.
     *
     * @param limit in whole seconds; none if zero
     */
    public CallDeadline(Duration limit) {
        this.limit = limit;
    }

    /**
     * Runs a call with the time limit.
     *
     * @param call takes the exchange, which is also cancelled when the time is over
     * @return completes as the call does, or fails with {@link CallRefused} when the time is over; a later result is dropped
     */
    <T> Future<T> run(RequestExchange exchange, Function<RequestExchange, Future<T>> call) {
        Context context = Vertx.currentContext();
        if (limit.isZero() || context == null) {
            return call.apply(exchange);
        }
        Promise<Void> over = CallerContext.promise();
        exchange.cancelled().onComplete(gone -> over.tryComplete());
        Future<T> running = call.apply(new RequestExchange(exchange.caller(), exchange.notifier(), exchange.inputs(), over.future(), exchange.trace()));
        // Most calls are over by now, and need no timer.
        return running.isComplete() ? running : watch(context.owner(), running, over);
    }

    private <T> Future<T> watch(Vertx vertx, Future<T> running, Promise<Void> over) {
        Promise<T> outcome = Promise.promise();
        long timer = vertx.setTimer(limit.toMillis(), late -> {
            outcome.tryFail(new CallRefused("There was no answer within " + limit.toSeconds() + (limit.toSeconds() == 1 ? " second" : " seconds")));
            over.tryComplete();
        });
        running.onComplete(ended -> vertx.cancelTimer(timer));
        running.onComplete(outcome::tryComplete, outcome::tryFail);
        return outcome.future();
    }
}

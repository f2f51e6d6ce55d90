package dev.gatehouse.mcp.api;

import io.vertx.core.Future;

/** Tells the caller how a running call gets on. Each future completes when the message is on its way; waiting for it is back-pressure. */
public interface Notifier {

    /** Drops all notifications. */
    Notifier NONE = new Notifier() {
        @Override
        public Future<Void> progress(double progress, Double total, String message) {
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> log(LogLevel level, String logger, Object data) {
            return Future.succeededFuture();
        }
    };

    /**
     * Reports progress. Does nothing if the caller did not send a progress token.
     *
     * @param progress what is done so far; does nothing unless it is more than was reported before
     * @param total    what there is to do, or null when unknown
     * @param message  for people, or null
     * @return completes when the message is on its way
     */
    Future<Void> progress(double progress, Double total, String message);

    /**
     * Sends a log message. Does nothing if the caller does not want messages of that level.
     *
     * @param level the severity
     * @param logger names who says it, or null
     * @param data   text, or anything that Jackson can write; no secrets
     * @return completes when the message is on its way
     */
    Future<Void> log(LogLevel level, String logger, Object data);

    /**
     * Reports that the user has finished at the page of an elicitation (2025-11-25, elicitation). It may be sent after the call has ended, as long as
     * its session exists. Does nothing in other revisions, where the client asks again.
     *
     * @param elicitationId of the {@link InputRequest#elicitationUrl(String, String, String)} that this caller was sent
     * @return completes when the message is on its way
     */
    default Future<Void> elicitationComplete(String elicitationId) {
        return Future.succeededFuture();
    }

    /**
     * Lets go of the client's connection while the call runs on, for calls that take so long that connections break. The client comes
     * back for the rest by itself (2025-11-25, transports, resumability). Does nothing where revision or wire have no such thing.
     */
    default void release() {
        // no connection to release
    }
}

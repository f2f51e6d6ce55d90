package dev.gatehouse.mcp.api;

import io.vertx.core.Future;

/** Stands before and after each tool call and resource read of an authenticated caller: counts them, and may refuse them. */
public interface CallObserver {

    /** Counts nothing and refuses nothing. */
    CallObserver NONE = new CallObserver() {
        @Override
        public Future<Void> before(Principal principal, String operation) {
            return Future.succeededFuture();
        }

        @Override
        public void after(ObservedCall call) {
            // nothing is counted
        }
    };

    /**
     * Decides whether a call may run.
     *
     * @param principal the authenticated caller, or null
     * @param operation the name of the tool, or the URI or URI template of the resource
     * @return fails with {@link CallRefused} to refuse it
     */
    Future<Void> before(Principal principal, String operation);

    /**
     * Observes a call that has ended, with or without success. The response does not wait for this.
     *
     * @param call the call and its outcome
     */
    void after(ObservedCall call);
}

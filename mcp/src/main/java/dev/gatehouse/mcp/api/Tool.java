package dev.gatehouse.mcp.api;

import io.vertx.core.Future;

import java.util.Set;

/** A tool of the MCP server. One instance serves all callers, so it keeps nothing of a call. */
public interface Tool {

    /** {@return the description in {@code tools/list}} */
    ToolDefinition definition();

    /**
     * {@return the scopes that a call needs, all of them} They are checked before {@link #call}. Anonymous callers over stdio may call a tool without
     * scopes.
     */
    Set<String> scopes();

    /**
     * Runs the tool. The arguments have passed the input schema.
     *
     * @param call the call
     * @return the result; {@link ToolResult#error} for a failure in the tool's own terms. A failed future with {@link CallRefused} sends the caller
     * that message. For any other failure, a null or an exception the caller learns only that the tool failed, and the cause is logged.
     */
    Future<ToolResult> call(ToolCall call);

    /**
     * Decides whether a call becomes a task, for a tool whose definition allows it and a client that supports it. Arguments and scopes have been
     * checked. A question that is asked here is asked before the task exists, and {@link #call} gets the same answers to the same keys.
     *
     * @param call the call
     * @return false to have the call end in its result; fails as {@link #call} does
     */
    default Future<Boolean> becomesTask(ToolCall call) {
        return Future.succeededFuture(true);
    }
}

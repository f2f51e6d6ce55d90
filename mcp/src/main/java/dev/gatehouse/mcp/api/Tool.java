package dev.gatehouse.mcp.api;

import io.vertx.core.Future;

import java.util.Set;

/** A tool of the MCP server. One instance serves all callers, so it keeps nothing of a call. */
public interface Tool {

    ToolDefinition definition();

    /**
     * The scopes that a call needs, all of them. They are checked before {@link #call}. A tool with none is open to anonymous
     * callers over stdio too.
     */
    Set<String> scopes();

    /**
     * Runs the tool. The arguments have passed the input schema.
     *
     * @return the result, {@link ToolResult#error} for what went wrong in the tool's own terms. A failed future with
     *     {@link CallRefused} tells the caller that message; any other failure, a null, or an exception thrown tells the
     *     caller only that the tool failed, and is logged
     */
    Future<ToolResult> call(ToolCall call);

    /**
     * Decides whether a call becomes a task, for a tool whose definition allows it and a client that supports it. What is
     * asked here is asked before there is a task, and {@link #call} gets the same answers to the same keys. Arguments and scopes
     * have been checked.
     *
     * @return false to have the call end in its result; fails as {@link #call} does
     */
    default Future<Boolean> becomesTask(ToolCall call) {
        return Future.succeededFuture(true);
    }
}

package dev.gatehouse.mcp.api;

/**
 * The rule for calls of a tool that continue after their response, as a task whose result the client fetches later (extension
 * {@code io.modelcontextprotocol/tasks}, of revision 2026-07-28).
 */
public enum TaskSupport {

    /** Every call ends in its result. */
    NEVER,
    /** A call becomes a task if the client supports tasks, and ends in its result otherwise. */
    OPTIONAL,
    /** Calls take too long for a connection: clients that do not support tasks are refused. */
    REQUIRED
}

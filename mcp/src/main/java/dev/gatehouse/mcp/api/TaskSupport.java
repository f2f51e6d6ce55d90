package dev.gatehouse.mcp.api;

/**
 * Whether calls of a tool may go on behind their answer, as a task whose result the client fetches later (extension
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

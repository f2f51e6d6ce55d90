package dev.gatehouse.mcp.api;

/**
 * The tool annotations of MCP. They are hints: no check depends on them.
 *
 * @param readOnly whether it changes nothing
 * @param destructive whether it may destroy data
 * @param idempotent whether a repeated call has no further effect
 * @param openWorld whether it reaches external systems
 */
public record ToolHints(boolean readOnly, boolean destructive, boolean idempotent, boolean openWorld) {

    /** {@return hints for a tool that only reads the server's own data} */
    public static ToolHints reads() {
        return new ToolHints(true, false, true, false);
    }

    /** {@return hints for a tool that adds to the server's own data and changes no existing data} */
    public static ToolHints adds() {
        return new ToolHints(false, false, false, false);
    }
}

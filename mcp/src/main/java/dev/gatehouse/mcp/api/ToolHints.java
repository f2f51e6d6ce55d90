package dev.gatehouse.mcp.api;

/** The tool annotations of MCP. Hints only: nothing is allowed or refused because of them. */
public record ToolHints(boolean readOnly, boolean destructive, boolean idempotent, boolean openWorld) {

    /** A tool that only reads the server's own data. */
    public static ToolHints reads() {
        return new ToolHints(true, false, true, false);
    }

    /** A tool that adds to the server's own data and spoils nothing that is there. */
    public static ToolHints adds() {
        return new ToolHints(false, false, false, false);
    }
}

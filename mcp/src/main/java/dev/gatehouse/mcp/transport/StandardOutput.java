package dev.gatehouse.mcp.transport;

import java.io.OutputStream;

/** The standard output of this process, which carries MCP alone once it is claimed: what anything prints goes to standard error. */
public final class StandardOutput {

    private static OutputStream claimed;

    private StandardOutput() {
    }

    /**
     * Claims standard output. Call it first, because any loaded class may print.
     *
     * @return the same stream each time
     */
    public static synchronized OutputStream claim() {
        if (claimed == null) {
            claimed = System.out;
            System.setOut(System.err);
        }
        return claimed;
    }
}

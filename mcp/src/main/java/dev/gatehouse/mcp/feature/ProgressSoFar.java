package dev.gatehouse.mcp.feature;

/** How far a request has come: what clients are told must grow from one time to the next (MCP, progress). Safe for use from any thread. */
public final class ProgressSoFar {

    private double told = Double.NEGATIVE_INFINITY;

    /** Whether that is progress; it then counts as told. */
    public synchronized boolean advancesTo(double progress) {
        if (!(progress > told) || Double.isInfinite(progress)) {
            return false;
        }
        told = progress;
        return true;
    }
}

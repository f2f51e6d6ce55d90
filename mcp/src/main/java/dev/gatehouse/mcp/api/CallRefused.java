package dev.gatehouse.mcp.api;

/** A call is refused, or given up, for a reason that the caller may and should read: quota used up, sign-in missing, no answer in time. */
public final class CallRefused extends RuntimeException {

    /**
     * Creates the refusal.
     *
     * @param message the text for the caller
     */
    public CallRefused(String message) {
        super(message, null, false, false);
    }
}

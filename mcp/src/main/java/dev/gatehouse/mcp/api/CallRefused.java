package dev.gatehouse.mcp.api;

/** A call is refused, or given up, for a reason that the caller may and should read: quota used up, sign-in missing, no answer in time. */
public final class CallRefused extends RuntimeException {

    /** @param message goes to the caller as it stands */
    public CallRefused(String message) {
        super(message, null, false, false);
    }
}

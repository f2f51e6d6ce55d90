package dev.gatehouse.mcp.bearer;

/** Whether a token is good cannot be told now: the authorization server is silent or talks nonsense. Never a reason for 401. */
public final class AuthServerUnavailableException extends RuntimeException {

    private final int retryAfterSeconds;

    /** @param message for the log and for the person at a stdio client: which server, and what it did */
    public AuthServerUnavailableException(String message, int retryAfterSeconds) {
        super(message, null, false, false);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** What {@code Retry-After} says. */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}

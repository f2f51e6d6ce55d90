package dev.gatehouse.mcp.bearer;

/** The token cannot be validated now: the authorization server does not respond, or its response is malformed. Never a reason for 401. */
public final class AuthServerUnavailableException extends RuntimeException {

    /** The value of {@code Retry-After}. */
    private final int retryAfterSeconds;

    /**
     * Creates the failure.
     *
     * @param message for the log and for the person at a stdio client: which server, and what it did
     * @param retryAfterSeconds the value of {@code Retry-After}
     */
    public AuthServerUnavailableException(String message, int retryAfterSeconds) {
        super(message, null, false, false);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** {@return the value of {@code Retry-After}} */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}

package dev.gatehouse.mcp.bearer;

/** The token cannot be validated now: the authorization server does not respond, or its response is malformed. Never a reason for 401. */
public final class AuthServerUnavailableException extends RuntimeException {

    private static final String LATER = "Access tokens cannot be verified now. Try again soon.";
    private static final String OPERATOR = "Access tokens cannot be verified: the authorization server refuses the credentials of this server. Its operator must set them.";
    private static final int REFUSED_SECONDS = 60;

    /** The value of {@code Retry-After}. */
    private final int retryAfterSeconds;
    /** The sentence for the caller. */
    private final String description;

    /**
     * Creates the failure.
     *
     * @param message for the log and for the person at a stdio client: which server, and what it did
     * @param retryAfterSeconds the value of {@code Retry-After}
     */
    public AuthServerUnavailableException(String message, int retryAfterSeconds) {
        this(message, retryAfterSeconds, LATER);
    }

    private AuthServerUnavailableException(String message, int retryAfterSeconds, String description) {
        super(message, null, false, false);
        this.retryAfterSeconds = retryAfterSeconds;
        this.description = description;
    }

    /** The authorization server refuses the credentials of this server (RFC 7662 §2.3): a fault of the configuration, which says nothing of the token. */
    static AuthServerUnavailableException refused(String message) {
        return new AuthServerUnavailableException(message, REFUSED_SECONDS, OPERATOR);
    }

    /** The sentence for the caller. */
    String description() {
        return description;
    }

    /** {@return the value of {@code Retry-After}} */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}

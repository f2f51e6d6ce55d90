package dev.gatehouse.shared.oauth;

import java.util.Objects;

/**
 * A rejected request: a wire code, a description that is sent, and a private reason that is only logged.
 * It has no stack trace, because it is a response and not a defect.
 */
public final class OAuthException extends RuntimeException {

    /** The error code. */
    private final OAuthErrorCode code;
    /** The public description. */
    private final String description;
    /** The reason for the log. */
    private final String privateReason;
    /** The value for {@code Retry-After} in seconds; 0 if unknown. */
    private final long retryAfterSeconds;

    /**
     * Rejects a request. The description is also the private reason.
     *
     * @param code the error code
     * @param description the public description
     */
    public OAuthException(OAuthErrorCode code, String description) {
        this(code, description, description);
    }

    /**
     * Rejects a request.
     *
     * @param code the error code
     * @param description fixed ASCII text without {@code "} and {@code \} (RFC 6749 §5.2), never an echo of input
     * @param privateReason the reason for the log; may be more precise, but contains no secret
     */
    public OAuthException(OAuthErrorCode code, String description, String privateReason) {
        this(code, description, privateReason, 0);
    }

    private OAuthException(OAuthErrorCode code, String description, String privateReason, long retryAfterSeconds) {
        super(code.wireName() + ": " + privateReason, null, false, false);
        this.retryAfterSeconds = retryAfterSeconds;
        this.code = Objects.requireNonNull(code);
        this.description = Objects.requireNonNull(description);
        this.privateReason = Objects.requireNonNull(privateReason);
    }

    /**
     * {@return a rejection of a request that the client may retry later (RFC 9110 §10.2.3)}
     *
     * @param retryAfterSeconds the time after which the client may retry
     * @param code the error code
     * @param description the public description
     */
    public static OAuthException after(long retryAfterSeconds, OAuthErrorCode code, String description) {
        return new OAuthException(code, description, description, retryAfterSeconds);
    }

    /** {@return the value for {@code Retry-After} in seconds; 0 if unknown} */
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** {@return the error code} */
    public OAuthErrorCode code() {
        return code;
    }

    /** {@return the public description, for {@code error_description}} */
    public String description() {
        return description;
    }

    /** {@return the reason for the log} */
    public String privateReason() {
        return privateReason;
    }
}

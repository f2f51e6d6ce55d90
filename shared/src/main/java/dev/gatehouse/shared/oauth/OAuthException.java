package dev.gatehouse.shared.oauth;

import java.util.Objects;

/**
 * A rejected request: a wire code, a description that is sent, and a private reason that is only logged.
 * It has no stack trace, because it is a response and not a defect.
 */
public final class OAuthException extends RuntimeException {

    private final OAuthErrorCode code;
    private final String description;
    private final String privateReason;
    private final long retryAfterSeconds;

    /** A rejection whose description is also its private reason. */
    public OAuthException(OAuthErrorCode code, String description) {
        this(code, description, description);
    }

    /**
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

    /** A rejection of a request that the client may retry later (RFC 9110 §10.2.3). */
    public static OAuthException after(long retryAfterSeconds, OAuthErrorCode code, String description) {
        return new OAuthException(code, description, description, retryAfterSeconds);
    }

    /** The value for {@code Retry-After} in seconds; 0 if unknown. */
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }

    public OAuthErrorCode code() {
        return code;
    }

    public String description() {
        return description;
    }

    public String privateReason() {
        return privateReason;
    }
}

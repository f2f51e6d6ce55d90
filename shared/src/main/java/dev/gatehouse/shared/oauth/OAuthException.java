package dev.gatehouse.shared.oauth;

import java.util.Objects;

/**
 * A request that is refused: a wire code, a description that may be sent, and a reason that may only be logged.
 * Carries no stack trace, since it is an answer and not a defect.
 */
public final class OAuthException extends RuntimeException {

    private final OAuthErrorCode code;
    private final String description;
    private final String privateReason;
    private final long retryAfterSeconds;

    /** A refusal whose public description says all there is to say. */
    public OAuthException(OAuthErrorCode code, String description) {
        this(code, description, description);
    }

    /**
     * @param description fixed ASCII text without {@code "} and {@code \} (RFC 6749 §5.2), never an echo of input
     * @param privateReason what the log says; may be more precise than a stranger may know, but holds no secret
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

    /** A refusal of what is worth another try, and when (RFC 9110 §10.2.3). */
    public static OAuthException after(long retryAfterSeconds, OAuthErrorCode code, String description) {
        return new OAuthException(code, description, description, retryAfterSeconds);
    }

    /** When another try is worth its while, in seconds; 0 where that is not known. */
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

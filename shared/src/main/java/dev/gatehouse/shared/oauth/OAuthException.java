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

    /** A refusal whose public description says all there is to say. */
    public OAuthException(OAuthErrorCode code, String description) {
        this(code, description, description);
    }

    /**
     * @param description fixed ASCII text without {@code "} and {@code \} (RFC 6749 §5.2), never an echo of input
     * @param privateReason what the log says; may be more precise than a stranger may know, but holds no secret
     */
    public OAuthException(OAuthErrorCode code, String description, String privateReason) {
        super(code.wireName() + ": " + privateReason, null, false, false);
        this.code = Objects.requireNonNull(code);
        this.description = Objects.requireNonNull(description);
        this.privateReason = Objects.requireNonNull(privateReason);
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

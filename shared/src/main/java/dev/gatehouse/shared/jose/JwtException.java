package dev.gatehouse.shared.jose;

/**
 * A JWT, key or claim that is not accepted. The reason is for the log: it never quotes what was sent, and which check
 * failed is nothing that a sender needs to be told. Carries no stack trace, since it is an answer and not a defect.
 */
public final class JwtException extends RuntimeException {

    /** @param privateReason one short clause of fixed text */
    public JwtException(String privateReason) {
        super(privateReason, null, false, false);
    }

    public String privateReason() {
        return getMessage();
    }
}

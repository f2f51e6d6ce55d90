package dev.gatehouse.shared.jose;

/**
 * A JWT, key or claim that is rejected. The reason is for the log and never quotes the input; the sender does not learn which
 * check failed. It has no stack trace, because it is a response and not a defect.
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

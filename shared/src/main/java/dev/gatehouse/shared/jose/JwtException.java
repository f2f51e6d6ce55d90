package dev.gatehouse.shared.jose;

/**
 * A JWT, key or claim that is rejected. The reason is for the log and never quotes the input; the sender does not learn which
 * check failed. It has no stack trace, because it is a response and not a defect.
 */
public final class JwtException extends RuntimeException {

    /**
     * Creates the exception.
     *
     * @param privateReason one short clause of fixed text
     */
    public JwtException(String privateReason) {
        super(privateReason, null, false, false);
    }

    /** {@return the reason for the log} */
    public String privateReason() {
        return getMessage();
    }
}

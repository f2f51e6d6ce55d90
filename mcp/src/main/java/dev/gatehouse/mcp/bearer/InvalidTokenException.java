package dev.gatehouse.mcp.bearer;

/** The token that was sent is not good here (RFC 6750 §3.1, {@code invalid_token}). The message goes to the caller. */
public final class InvalidTokenException extends RuntimeException {

    /**
     * Creates the failure.
     *
     * @param description printable ASCII without quotes, so that it fits into a header
     */
    public InvalidTokenException(String description) {
        super(description, null, false, false);
    }
}

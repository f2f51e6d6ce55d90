package dev.gatehouse.shared.jose;

/** The verification keys cannot be fetched now. The JWT is neither valid nor invalid, and its sender is not at fault. */
public final class KeysUnavailableException extends RuntimeException {

    /**
     * Creates the exception.
     *
     * @param message the reason for the log
     * @param cause the failure of the fetch
     */
    public KeysUnavailableException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}

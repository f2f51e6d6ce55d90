package dev.gatehouse.shared.config;

/** A failure to start that the operator can correct. The message says what is wrong and what to do. No stack trace. */
public final class StartupException extends RuntimeException {

    /**
     * Creates the exception.
     *
     * @param message the problem, and what the operator can do
     */
    public StartupException(String message) {
        this(message, null);
    }

    /**
     * Creates the exception with its cause.
     *
     * @param message the problem, and what the operator can do
     * @param cause the failure that caused it
     */
    public StartupException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}

package dev.gatehouse.shared.config;

/** A failure to start that the operator can correct. The message says what is wrong and what to do. No stack trace. */
public final class StartupException extends RuntimeException {

    public StartupException(String message) {
        this(message, null);
    }

    public StartupException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}

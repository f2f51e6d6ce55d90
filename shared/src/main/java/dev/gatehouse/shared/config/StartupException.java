package dev.gatehouse.shared.config;

/** A reason not to start that the operator can mend: the message says what is wrong and what to do. No stack trace. */
public final class StartupException extends RuntimeException {

    public StartupException(String message) {
        this(message, null);
    }

    public StartupException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}

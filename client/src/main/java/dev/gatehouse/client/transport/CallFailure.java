package dev.gatehouse.client.transport;

/** A message that did not reach the server, or whose response did not come back. No stack trace: the cause is outside. */
public final class CallFailure extends RuntimeException {

    /** The HTTP status that the server answered with, or 0. */
    private final int status;

    public CallFailure(String message) {
        this(message, 0, null);
    }

    public CallFailure(String message, Throwable cause) {
        this(message, 0, cause);
    }

    public CallFailure(String message, int status, Throwable cause) {
        super(message, cause, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }
}

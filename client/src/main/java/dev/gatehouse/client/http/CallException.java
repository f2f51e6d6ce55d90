package dev.gatehouse.client.http;

/** A call that got no usable answer. The message is for the user and holds no secret. No stack trace: the cause is outside. */
public final class CallException extends RuntimeException {

    public CallException(String message) {
        this(message, null);
    }

    public CallException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}

package dev.gatehouse.shared.jose;

/** The keys that would decide cannot be had now: nothing is known about the JWT, and its sender is not to blame. */
public final class KeysUnavailableException extends RuntimeException {

    public KeysUnavailableException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}

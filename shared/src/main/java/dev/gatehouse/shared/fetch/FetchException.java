package dev.gatehouse.shared.fetch;

import java.util.Objects;

/**
 * A fetch that failed. The message gives the reason for the log and the operator; it names the host at most, never a secret. It has
 * no stack trace, because the failure of another server is not a defect of this one.
 */
public final class FetchException extends RuntimeException {

    /** The reason, for callers that handle some failures differently. */
    public enum Reason {
        /** The URL, or an address of its host, is not allowed. No connection was made. */
        REFUSED,
        /** Too many fetches are running or waiting. The caller may retry soon. */
        BUSY,
        /** The complete response did not arrive before the deadline. */
        TIMEOUT,
        /** The response body is longer than the caller accepts. */
        TOO_LARGE,
        /** The name does not resolve, the connection or TLS failed, or the response is not HTTP. */
        FAILED
    }

    /** The kind of the failure. */
    private final Reason reason;

    FetchException(Reason reason, String message) {
        this(reason, message, null);
    }

    FetchException(Reason reason, String message, Throwable cause) {
        super(message, cause, false, false);
        this.reason = Objects.requireNonNull(reason);
    }

    static FetchException refused(String rule) {
        return new FetchException(Reason.REFUSED, rule);
    }

    /** {@return the kind of the failure} */
    public Reason reason() {
        return reason;
    }
}

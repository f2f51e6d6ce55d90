package dev.gatehouse.shared.fetch;

import java.util.Objects;

/**
 * A fetch that gave no answer. The message says why, for the log and for operators; it names the host at most, never a
 * secret. Carries no stack trace, since what strangers' servers do is no defect of ours.
 */
public final class FetchException extends RuntimeException {

    /** Why there is no answer, for callers who have to act differently. */
    public enum Reason {
        /** The URL, or an address behind its name, is one that is never connected to. Nothing was sent to it. */
        REFUSED,
        /** Too many fetches are under way or wait already. Worth another try soon. */
        BUSY,
        /** The whole answer did not arrive in time. */
        TIMEOUT,
        /** The answer is longer than the caller takes. */
        TOO_LARGE,
        /** The name is unknown, the connection or TLS failed, or the answer is not HTTP. */
        FAILED
    }

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

    public Reason reason() {
        return reason;
    }
}

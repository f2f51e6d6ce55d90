package dev.gatehouse.shared.sql;

import java.nio.file.Path;

/**
 * The database failed for a reason outside the statement: disk full, input/output error, a lock held too long, a full queue,
 * or a closed database. Nothing of the failed work was stored, unless the message says that the outcome is unknown. A retry may
 * succeed later.
 */
public final class StoreUnavailableException extends RuntimeException {

    /**
     * Creates the exception.
     *
     * @param message the reason for the log
     */
    public StoreUnavailableException(String message) {
        this(message, null);
    }

    /**
     * Creates the exception with its cause.
     *
     * @param message the reason for the log
     * @param cause the failure of the database
     */
    public StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    static StoreUnavailableException of(Path file, Throwable cause) {
        return cause instanceof StoreUnavailableException unavailable ? unavailable
            : new StoreUnavailableException("The database " + file + " is not available: " + cause.getMessage(), cause);
    }
}

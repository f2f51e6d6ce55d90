package dev.gatehouse.shared.sql;

import java.nio.file.Path;

/**
 * The database failed for a reason outside the statement: disk full, input/output error, a lock held too long, a full queue,
 * or a closed database. Nothing of the failed work was stored, unless the message says that the outcome is unknown. A retry may
 * succeed later.
 */
public final class StoreUnavailableException extends RuntimeException {

    public StoreUnavailableException(String message) {
        this(message, null);
    }

    public StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    static StoreUnavailableException of(Path file, Throwable cause) {
        return cause instanceof StoreUnavailableException unavailable ? unavailable
            : new StoreUnavailableException("The database " + file + " is not available: " + cause.getMessage(), cause);
    }
}

package dev.gatehouse.shared.sql;

import java.nio.file.Path;

/**
 * The store could not do its work for a reason outside the statement: disk full, an input/output error, a lock held too
 * long, a full queue, or a database already closed. Nothing of the failed work was kept, unless the message says that
 * its outcome is unknown; the same work may succeed later.
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

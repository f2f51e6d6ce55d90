package dev.gatehouse.shared.sql;

import java.nio.file.Path;
import java.util.Objects;

/**
 * How to open one SQLite file.
 *
 * @param file the database; made, with its directory, when missing
 * @param migrations class path folder of its migrations, such as {@code db/authz}
 * @param readers connections, and threads, that serve {@link Database#read}
 * @param queueCapacity units of work that may wait for the writer, and as many for the readers; more are refused
 * @param unitsPerCommit the most transactions that share one commit
 * @param busyMillis how long a statement waits for a lock that another process holds
 */
record SqliteOptions(
    Path file, String migrations, int readers, int queueCapacity, int unitsPerCommit, int busyMillis) {

    public SqliteOptions {
        file = file.toAbsolutePath().normalize();
        Objects.requireNonNull(migrations, "migrations");
        if (readers < 1 || queueCapacity < 1 || unitsPerCommit < 1 || busyMillis < 0) {
            throw new IllegalArgumentException("readers, queueCapacity and unitsPerCommit are at least 1");
        }
    }

    /** The settings for a server: what a database of one node does well with. */
    public static SqliteOptions of(Path file, String migrations) {
        int readers = Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));
        return new SqliteOptions(file, migrations, readers, 10_000, 256, 5_000);
    }

    public SqliteOptions withReaders(int count) {
        return new SqliteOptions(file, migrations, count, queueCapacity, unitsPerCommit, busyMillis);
    }

    public SqliteOptions withQueueCapacity(int capacity) {
        return new SqliteOptions(file, migrations, readers, capacity, unitsPerCommit, busyMillis);
    }

    public SqliteOptions withBusyMillis(int millis) {
        return new SqliteOptions(file, migrations, readers, queueCapacity, unitsPerCommit, millis);
    }
}

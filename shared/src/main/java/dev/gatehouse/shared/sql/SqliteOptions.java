package dev.gatehouse.shared.sql;

import java.nio.file.Path;
import java.util.Objects;

/**
 * The options of one SQLite database.
 *
 * @param file the database; created, with its directory, if missing
 * @param migrations the class path directory of its migrations, such as {@code db/authz}
 * @param readers the number of connections and threads for {@link Database#read}
 * @param queueCapacity the maximum number of waiting writes, and of waiting reads
 * @param unitsPerCommit the maximum number of transactions per commit
 * @param busyMillis how long a statement waits for the lock of another process
 */
record SqliteOptions(
    Path file, String migrations, int readers, int queueCapacity, int unitsPerCommit, int busyMillis) {

    public SqliteOptions {
        file = file.toAbsolutePath().normalize();
        Objects.requireNonNull(migrations, "migrations");
        if (readers < 1 || queueCapacity < 1 || unitsPerCommit < 1 || busyMillis < 0) {
            throw new IllegalArgumentException("readers, queueCapacity and unitsPerCommit must be at least 1");
        }
    }

    /** The default options for a server. */
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

package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.config.StartupException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.sql.SQLException;

/** Prepares a file for the threads of {@link SqliteDatabase}. Blocking. */
final class SqliteSchema {

    /** A file lock excludes other processes; between two threads of one process it would fail instead of waiting. */
    private static final Object THIS_PROCESS = new Object();

    private SqliteSchema() {
    }

    static void prepare(SqliteOptions options) {
        SqliteNativeLibrary.locate();
        SqliteFiles.prepare(options.file());
        try {
            int fingerprint = SchemaScripts.fingerprint(options.migrations());
            if (!isCurrent(options, fingerprint)) {
                synchronized (THIS_PROCESS) {
                    bringUp(options, fingerprint);
                }
            }
        } catch (SQLException e) {
            throw new StartupException(explain(options, e), e);
        } catch (IOException e) {
            throw new StartupException("Cannot prepare the database " + options.file() + ": " + e.getMessage(), e);
        }
    }

    private static boolean isCurrent(SqliteOptions options, int fingerprint) throws SQLException {
        try (SqliteConnection connection = SqliteConnection.writing(options)) {
            return connection.control("PRAGMA user_version").equals(fingerprint)
                && "wal".equals(connection.control("PRAGMA journal_mode"));
        }
    }

    private static void bringUp(SqliteOptions options, int fingerprint) throws IOException, SQLException {
        try (FileChannel channel = SqliteFiles.openLock(options.file()); var lock = channel.lock()) {
            if (!lock.isValid()) {
                return;
            }
            PreparedDatabase.fill(options);
            if (!isCurrent(options, fingerprint)) {
                migrate(options, fingerprint);
            }
        }
    }

    /** Runs the pending migrations on a file, and marks it as current. */
    static void migrate(SqliteOptions options, int fingerprint) throws SQLException {
        Migrations.migrate(options);
        try (SqliteConnection connection = SqliteConnection.writing(options)) {
            connection.control("PRAGMA journal_mode = WAL");
            connection.control("PRAGMA user_version = " + fingerprint);
        }
    }

    private static String explain(SqliteOptions options, SQLException e) {
        if (e instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB) {
            return options.file() + " is not a SQLite database."
                + " Move it, or set another file in the configuration.";
        }
        return "Cannot open the database " + options.file() + ": " + e.getMessage();
    }
}

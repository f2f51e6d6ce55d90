package dev.gatehouse.shared.sql;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

/** The connection of one thread to the files of a database. It opens when it is first needed, and again after it was closed. Blocking. */
final class WatchedConnection {

    private final SqliteOptions options;
    private final Opener opener;
    private final FileWatch watch;
    private SqliteConnection connection;

    /** Opens a connection for changes, or one for reads. */
    interface Opener {
        SqliteConnection open(SqliteOptions options) throws SQLException;
    }

    /** @param wholeSize see {@link FileWatch} */
    WatchedConnection(SqliteOptions options, Opener opener, AtomicLong wholeSize) {
        this.options = options;
        this.opener = opener;
        this.watch = new FileWatch(options.file(), wholeSize);
    }

    SqliteConnection open() throws SQLException {
        if (connection == null) {
            watch.begin();
            connection = opener.open(options);
        }
        return connection;
    }

    boolean isOpen() {
        return connection != null;
    }

    /** @throws StoreUnavailableException if the files are not those of the open connection any more */
    void requireSameFiles() {
        watch.requireSame();
    }

    void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}

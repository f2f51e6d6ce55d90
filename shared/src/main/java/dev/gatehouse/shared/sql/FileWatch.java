package dev.gatehouse.shared.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * Notices that a database file, or the log beside it, was removed or replaced under an open connection. SQLite does not: it
 * goes on with files that have no name any more, and what it acknowledges is lost. Blocking, for one thread.
 */
final class FileWatch {

    private final Path file;
    private final Path log;
    private Object fileKey;
    private Object logKey;

    FileWatch(Path file) {
        this.file = file;
        this.log = file.resolveSibling(file.getFileName() + "-wal");
    }

    /** Notes which files a new connection uses. */
    void begin() {
        fileKey = key(file);
        logKey = null;
    }

    /** @throws StoreUnavailableException when they are not the files of the connection any more */
    void requireSame() {
        require(file, fileKey);
        if (logKey == null) {
            // Made by the first transaction, and kept for as long as there is a connection.
            logKey = key(log);
        } else {
            require(log, logKey);
        }
    }

    private static void require(Path path, Object expected) {
        if (expected != null && !Objects.equals(expected, key(path))) {
            throw new StoreUnavailableException("The file " + path + " was removed or replaced under the running server");
        }
    }

    /** Null where there is no such file, or its file system knows files by no key. */
    private static Object key(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException absent) {
            return null;
        }
    }
}

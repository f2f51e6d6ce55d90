package dev.gatehouse.shared.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * Detects that a database file or its write-ahead log was removed or replaced while it is open. SQLite does not detect this: it
 * continues with the unlinked files, and acknowledged changes are lost. Blocking, for one thread.
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

    /** Records the files of a new connection. */
    void begin() {
        fileKey = key(file);
        logKey = null;
    }

    /** @throws StoreUnavailableException if the files are not those of the connection any more */
    void requireSame() {
        require(file, fileKey);
        if (logKey == null) {
            // The first transaction creates it; it exists as long as a connection is open.
            logKey = key(log);
        } else {
            require(log, logKey);
        }
    }

    private static void require(Path path, Object expected) {
        if (expected != null && !Objects.equals(expected, key(path))) {
            throw new StoreUnavailableException("The file " + path + " was removed or replaced while the server runs");
        }
    }

    /** Null if the file does not exist or its file system has no file keys. */
    private static Object key(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException absent) {
            return null;
        }
    }
}

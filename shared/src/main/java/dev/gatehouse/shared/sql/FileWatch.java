package dev.gatehouse.shared.sql;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Detects that a database file was removed, replaced, emptied or truncated, or its write-ahead log removed or replaced, while it is open.
 * SQLite does not detect this: it continues with unlinked files and cached pages, and acknowledged changes are lost. Blocking, for one
 * thread.
 */
final class FileWatch {

    /** The offsets of the page size and of the number of pages in the header of a database (SQLite database file format §1.3). */
    private static final int PAGE_SIZE_OFFSET = 16;
    private static final int PAGE_COUNT_OFFSET = 28;

    private final Path file;
    private final Path log;
    private final AtomicLong wholeSize;
    private Object fileKey;
    private Object logKey;

    /** @param wholeSize of the file as it was last seen whole, by any thread of the database */
    FileWatch(Path file, AtomicLong wholeSize) {
        this.file = file;
        this.wholeSize = wholeSize;
        this.log = file.resolveSibling(file.getFileName() + "-wal");
    }

    /** Records the files that a new connection is about to use. */
    void begin() {
        BasicFileAttributes found = attributes(file);
        fileKey = key(found);
        logKey = null;
        requireWhole(found);
    }

    /** @throws StoreUnavailableException if the files are not those of the connection any more, or are truncated */
    void requireSame() {
        BasicFileAttributes found = attributes(file);
        require(file, fileKey, key(found));
        requireWhole(found);
        Object foundLog = key(attributes(log));
        if (logKey == null) {
            // The first transaction creates it; it exists as long as a connection is open.
            logKey = foundLog;
        } else {
            require(log, logKey, foundLog);
        }
    }

    private static void require(Path path, Object expected, Object found) {
        if (expected != null && !Objects.equals(expected, found)) {
            throw new StoreUnavailableException("The file " + path + " was removed or replaced while the server runs");
        }
    }

    /** VACUUM also shortens a file, but then its header has fewer pages. */
    private void requireWhole(BasicFileAttributes found) {
        if (found == null) {
            return;
        }
        long whole = wholeSize.get();
        if (found.size() == 0 || found.size() < whole && isShorterThanDeclared()) {
            throw new StoreUnavailableException("The file " + file + " was emptied or truncated while the server runs");
        }
        if (found.size() != whole) {
            wholeSize.set(found.size());
        }
    }

    /** Reads the length last, because a checkpoint of another thread can extend the file meanwhile. */
    private boolean isShorterThanDeclared() {
        long declared = declaredSize();
        return file.toFile().length() < declared;
    }

    private long declaredSize() {
        try (DataInputStream header = new DataInputStream(Files.newInputStream(file))) {
            header.skipNBytes(PAGE_SIZE_OFFSET);
            int pageSize = header.readUnsignedShort();
            header.skipNBytes(PAGE_COUNT_OFFSET - PAGE_SIZE_OFFSET - Short.BYTES);
            // 1 stands for 65,536.
            return (pageSize == 1 ? 65_536L : pageSize) * Integer.toUnsignedLong(header.readInt());
        } catch (IOException shorterThanItsHeader) {
            return Long.MAX_VALUE;
        }
    }

    /** Null if the file does not exist. */
    private static BasicFileAttributes attributes(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException absent) {
            return null;
        }
    }

    /** Null if the file does not exist or its file system has no file keys. */
    private static Object key(BasicFileAttributes attributes) {
        return attributes == null ? null : attributes.fileKey();
    }
}

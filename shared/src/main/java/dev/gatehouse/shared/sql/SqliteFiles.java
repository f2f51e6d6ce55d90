package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.config.StartupException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * Creates database files that only their owner may access, independent of the process's umask. SQLite gives its write-ahead log and
 * shared memory the mode of the database file.
 */
final class SqliteFiles {

    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private SqliteFiles() {
    }

    /** Creates the file and its missing parent directories. Existing directories keep their mode. */
    static void prepare(Path file) {
        try {
            makeDirectories(file.getParent());
            makeFile(file);
            makeFile(lockFile(file));
            for (String suffix : List.of("-wal", "-shm")) {
                Path sibling = file.resolveSibling(file.getFileName() + suffix);
                if (Files.exists(sibling)) {
                    restrict(sibling, OWNER_FILE);
                }
            }
        } catch (IOException e) {
            throw new StartupException("Cannot create or use the database " + file + ": " + reason(e)
                + ". Make its directory writable for this user, or set GATEHOUSE_HOME to another data home.", e);
        }
    }

    /** The lock that allows one process at a time to change the schema. */
    static FileChannel openLock(Path file) throws IOException {
        return FileChannel.open(lockFile(file), StandardOpenOption.WRITE);
    }

    private static Path lockFile(Path file) {
        return file.resolveSibling(file.getFileName() + ".lock");
    }

    private static void makeDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        makeDirectories(directory.getParent());
        try {
            Files.createDirectory(directory, attributes(directory, OWNER_DIRECTORY));
            restrict(directory, OWNER_DIRECTORY);
        } catch (FileAlreadyExistsException madeMeanwhile) {
            if (!Files.isDirectory(directory)) {
                throw madeMeanwhile;
            }
        }
    }

    /** Creates a file that its owner alone may access, or closes one to others. */
    static void makeFile(Path file) throws IOException {
        try {
            Files.createFile(file, attributes(file, OWNER_FILE));
        } catch (FileAlreadyExistsException present) {
            if (!Files.isRegularFile(file)) {
                throw new IOException("it is not a file", present);
            }
        }
        restrict(file, OWNER_FILE);
        if (!Files.isReadable(file) || !Files.isWritable(file)) {
            throw new IOException("this user cannot read and write it");
        }
    }

    private static void restrict(Path path, Set<PosixFilePermission> mode) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view != null && !view.readAttributes().permissions().equals(mode)) {
            view.setPermissions(mode);
        }
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> mode) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)} : new FileAttribute<?>[0];
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "its directory cannot be created";
        }
        return e instanceof FileAlreadyExistsException ? "a file exists at the path of its directory" : e.getMessage();
    }
}

package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.sql.StoreCopy.Copied;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Backups of a store. A backup is a SQLite file, also that of a store in PostgreSQL, so it can be restored into both engines. */
public final class StoreBackup {

    private final Vertx vertx;
    private final StoreLocation location;

    /**
     * Creates the backups of one store.
     *
     * @param vertx the Vert.x instance
     * @param location the store
     */
    public StoreBackup(Vertx vertx, StoreLocation location) {
        this.vertx = vertx;
        this.location = location;
    }

    /**
     * The result of a restore.
     *
     * @param tables the tables
     * @param ended the number of ended objects of each kind
     * @param <T> the type of the result of the server's own statements
     */
    public record Restored<T>(List<Copied> tables, T ended) {
    }

    /**
     * Writes a consistent copy of the store, while servers may run. The file appears only when it is complete.
     *
     * @param file a file that does not exist
     * @return fails with {@link StartupException} if the file exists or the store cannot be read
     */
    public Future<Void> write(Path file) {
        Path target = file.toAbsolutePath().normalize();
        Path partial = target.resolveSibling(target.getFileName() + ".partial");
        return vertx.executeBlocking(() -> prepare(target, partial))
            .compose(prepared -> location.isPostgresql() ? StoreCopy.copy(vertx, location, StoreLocation.sqlite(partial, location)).<Void>mapEmpty() : vacuum(partial))
            .compose(written -> vertx.executeBlocking(() -> finish(partial, target)))
            .eventually(() -> vertx.executeBlocking(() -> remove(partial)));
    }

    private Future<Void> vacuum(Path partial) {
        return location.status(vertx).compose(status -> status.version() == 0
            ? Future.failedFuture(new StartupException("There is no store at " + status.name() + ".")) : location.within(vertx, (same, session) -> ((SqliteSession) session).copyTo(partial)));
    }

    private static Void prepare(Path target, Path partial) throws IOException {
        if (Files.exists(target)) {
            throw new StartupException("The file " + target + " exists. A backup replaces no file.");
        }
        remove(partial);
        SqliteFiles.prepare(partial);
        return null;
    }

    private static Void finish(Path partial, Path target) throws IOException {
        try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        return null;
    }

    private static Void remove(Path file) throws IOException {
        for (String suffix : List.of("", ".lock", "-wal", "-shm", "-journal")) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
        }
        return null;
    }

    /**
     * Replaces the content of the store by that of a backup, in one transaction. The backup may have an older schema. No server may use the store.
     *
     * @param file the backup, which stays as it is
     * @param replace whether the store may have rows; they are lost
     * @param end ends, in the same transaction, what must not live again
     * @param <T> the type of its result
     * @return fails with {@link StartupException} if the file is no backup of this server, or if the store has rows that must not be replaced
     */
    public <T> Future<Restored<T>> restore(Path file, boolean replace, Transaction<T> end) {
        return vertx.executeBlocking(() -> scratch(file)).compose(scratch -> {
            StoreLocation source = StoreLocation.sqlite(scratch, location);
            return source.migrate(vertx).compose(migrated -> StoreCopy.copy(vertx, source, location, replace, end))
                .map(outcome -> new Restored<>(outcome.tables(), outcome.afterwards()))
                .eventually(() -> vertx.executeBlocking(() -> {
                    remove(scratch);
                    return Files.deleteIfExists(scratch.getParent());
                }));
        });
    }

    /** A copy that can be migrated, in a directory that only its owner can read. */
    private static Path scratch(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new StartupException("There is no backup " + file + ".");
        }
        Path copy = Files.createTempDirectory("gatehouse-restore").resolve("backup.db");
        Files.copy(file, copy);
        Path log = file.resolveSibling(file.getFileName() + "-wal");
        if (Files.exists(log)) {
            Files.copy(log, copy.resolveSibling(copy.getFileName() + "-wal"));
        }
        return copy;
    }
}

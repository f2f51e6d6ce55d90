package dev.gatehouse.client.credential;

import dev.gatehouse.client.http.CallException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * A lock that one process has at a time: the lock of a file, which the system releases when the process ends. It is tried for again and
 * again rather than waited for, because a wait would hold a worker thread, and the process that has the lock may need it.
 */
final class ProcessLock {

    private static final long RETRY_MILLIS = 20;

    private final Vertx vertx;
    private final FileChannel channel;

    private ProcessLock(Vertx vertx, FileChannel channel) {
        this.vertx = vertx;
        this.channel = channel;
    }

    /**
     * Takes the lock. Within this process, callers take turns for the same file.
     *
     * @param file finds or creates the file
     * @return fails with {@link CallException} when another process keeps the lock for longer than the limit
     */
    static Future<ProcessLock> take(Vertx vertx, Callable<Path> file, long limitMillis) {
        return vertx.executeBlocking(() -> FileChannel.open(file.call(), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))), false)
            .map(channel -> new ProcessLock(vertx, channel))
            .compose(lock -> lock.attempt(limitMillis).map(lock).recover(failure -> lock.release().transform(closed -> Future.failedFuture(failure))));
    }

    private Future<Void> attempt(long leftMillis) {
        return vertx.executeBlocking(() -> channel.tryLock() != null, false).compose(taken -> {
            if (taken) {
                return Future.succeededFuture();
            }
            return leftMillis <= 0 ? Future.failedFuture(new CallException("Another process does not finish its request for a token"))
                : vertx.timer(RETRY_MILLIS).compose(later -> attempt(leftMillis - RETRY_MILLIS));
        });
    }

    Future<Void> release() {
        return vertx.executeBlocking(this::close, false);
    }

    private Void close() throws IOException {
        channel.close();
        return null;
    }
}

package dev.gatehouse.client.credential;

import dev.gatehouse.client.http.CallException;
import dev.gatehouse.client.oauth.Credential;
import dev.gatehouse.client.oauth.CredentialStore;
import dev.gatehouse.client.oauth.OAuthClient;
import dev.gatehouse.client.oauth.Turns;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.oauth.UrlSpelling;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Credentials in encrypted files of the data home, for all processes of its owner. Each call reads the files, because another process may
 * have changed them. Safe for use from any thread.
 */
public final class CredentialFiles implements CredentialStore {

    private static final String DIRECTORY = "credentials";
    private static final String LOGIN = ".login";
    private static final String CLIENT = ".client";
    private static final String LOCK = ".lock";
    private static final String SIGN_IN = ".signin";
    /** Longer than one refresh takes at its longest. */
    private static final long LOCK_MILLIS = 75_000;
    /** Longer than a person may take to sign in. */
    private static final long SIGN_IN_MILLIS = 330_000;
    /** One for the whole process, since the system knows one holder of a file's lock in a process. */
    private static final Turns<Path> TURNS = new Turns<>();

    private final Vertx vertx;
    private final Path home;
    private final SealedDirectory files;

    /** Does not access the file system. */
    public CredentialFiles(Vertx vertx, DataHome home) {
        this.vertx = vertx;
        this.home = home.directory();
        this.files = new SealedDirectory(home, DIRECTORY);
    }

    /** All credentials, the one saved last at the end. */
    public Future<List<Credential>> all() {
        return vertx.executeBlocking(this::readAll, false);
    }

    private List<Credential> readAll() throws IOException {
        List<Credential> all = new ArrayList<>();
        for (String name : files.names(LOGIN)) {
            files.read(name).map(text -> Credential.fromJson(new JsonObject(text))).ifPresent(all::add);
        }
        return all;
    }

    private Future<Optional<Credential>> last(Predicate<Credential> wanted) {
        return all().map(all -> all.stream().filter(wanted).reduce((first, later) -> later));
    }

    @Override
    public Future<Optional<Credential>> find(String server, Predicate<Credential> wanted) {
        return last(credential -> credential.server().equals(server) && wanted.test(credential));
    }

    /** The credential that was saved last for a resource at an authorization server. */
    public Future<Optional<Credential>> find(String issuer, String resource) {
        return last(credential -> UrlSpelling.areSame(issuer, credential.key().issuer())
            && UrlSpelling.areSame(resource, credential.key().resource()));
    }

    @Override
    public Future<Optional<Credential>> load(Credential.Key key) {
        return vertx.executeBlocking(() -> files.read(name(key) + LOGIN), false)
            .map(text -> text.map(stored -> Credential.fromJson(new JsonObject(stored))));
    }

    @Override
    public Future<Void> save(Credential credential) {
        return write(name(credential.key()) + LOGIN, credential.toJson());
    }

    private Future<Void> write(String name, JsonObject content) {
        return vertx.executeBlocking(() -> {
            files.write(name, content.encode());
            return null;
        }, false);
    }

    @Override
    public Future<Void> remove(Credential.Key key) {
        return delete(name(key) + LOGIN);
    }

    private Future<Void> delete(String name) {
        return vertx.executeBlocking(() -> files.delete(name), false).mapEmpty();
    }

    @Override
    public Future<Optional<OAuthClient>> client(String issuer) {
        return vertx.executeBlocking(() -> files.read(name(issuer) + CLIENT), false)
            .map(text -> text.map(stored -> OAuthClient.fromJson(new JsonObject(stored))));
    }

    @Override
    public Future<Void> saveClient(OAuthClient client) {
        return write(name(client.issuer()) + CLIENT, client.toJson());
    }

    @Override
    public Future<Void> removeClient(String issuer) {
        return delete(name(issuer) + CLIENT);
    }

    @Override
    public <T> Future<T> exclusively(Credential.Key key, Supplier<Future<T>> work) {
        return inTurn(name(key) + LOCK, LOCK_MILLIS, () -> { }, work);
    }

    @Override
    public <T> Future<T> signingIn(String server, Runnable waits, Supplier<Future<T>> work) {
        return inTurn(name(server) + SIGN_IN, SIGN_IN_MILLIS, waits, work);
    }

    private <T> Future<T> inTurn(String name, long limitMillis, Runnable waits, Supplier<Future<T>> work) {
        return TURNS.run(home.resolve(name), () -> ProcessLock.take(vertx, () -> files.prepare(name), limitMillis, waits)
            .compose(lock -> Future.<Void>succeededFuture().compose(locked -> work.get()).eventually(lock::release)));
    }

    /** File names tell nothing of servers and accounts. */
    private static String name(Credential.Key key) {
        return name(key.issuer() + "\n" + key.resource() + "\n" + key.clientId());
    }

    private static String name(String text) {
        return SecretToken.hash(text);
    }

    /**
     * A lock that one process has at a time: the lock of a file, which the system releases when the process ends. It is tried for again and
     * again rather than waited for, because a wait would hold a worker thread, and the process that has the lock may need it.
     */
    private static final class ProcessLock {

        private static final long RETRY_MILLIS = 20;
        /** A process that only looks for a login holds the lock for less. */
        private static final long NOTICE_MILLIS = 1_000;

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
         * @param waits called once when another process has had the lock for a while
         * @return fails with {@link CallException} when another process keeps the lock for longer than the limit
         */
        static Future<ProcessLock> take(Vertx vertx, Callable<Path> file, long limitMillis, Runnable waits) {
            return vertx.executeBlocking(() -> FileChannel.open(file.call(), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))), false)
                .map(channel -> new ProcessLock(vertx, channel))
                .compose(lock -> lock.attempt(0, limitMillis, waits).map(lock).recover(failure -> lock.release().transform(closed -> Future.failedFuture(failure))));
        }

        private Future<Void> attempt(long waitedMillis, long limitMillis, Runnable waits) {
            return vertx.executeBlocking(() -> channel.tryLock() != null, false).compose(taken -> {
                if (taken) {
                    return Future.succeededFuture();
                }
                if (waitedMillis == NOTICE_MILLIS) {
                    waits.run();
                }
                return waitedMillis >= limitMillis ? Future.failedFuture(new CallException("Another process does not finish its request for a token"))
                    : vertx.timer(RETRY_MILLIS).compose(later -> attempt(waitedMillis + RETRY_MILLIS, limitMillis, waits));
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
}

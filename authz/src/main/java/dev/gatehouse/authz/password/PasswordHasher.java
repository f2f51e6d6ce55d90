package dev.gatehouse.authz.password;

import dev.gatehouse.authz.options.PasswordHashOptions;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hashes passwords on worker threads of its own, a few at a time, so that a flood of logins takes neither the event
 * loops nor all processors and memory. Safe for use from any thread.
 */
public final class PasswordHasher {

    private static final int MAXIMUM_WAITING = 200;

    private final Argon2id argon2id;
    private final WorkerExecutor workers;
    private final AtomicInteger waiting = new AtomicInteger();
    private final String absentHash;

    /** Takes as long as one hash. */
    public PasswordHasher(Vertx vertx, PasswordHashOptions options) {
        argon2id = new Argon2id(options);
        workers = vertx.createSharedWorkerExecutor("gatehouse-password", options.concurrency());
        absentHash = argon2id.hash("no one has this password");
    }

    /**
     * Hashes a password.
     *
     * @return its PHC string; or {@code temporarily_unavailable} when too many wait already
     */
    public Future<String> hash(String password) {
        return run(() -> argon2id.hash(password));
    }

    /**
     * Whether a password is the one of a PHC string; or {@code temporarily_unavailable} when too many wait already.
     *
     * @param phc or any other text, for an account that no password opens
     */
    public Future<Boolean> verify(String password, String phc) {
        return phc.startsWith("$argon2id$") ? run(() -> argon2id.verify(password, phc)) : verifyAbsent(password);
    }

    /** Does the work of {@link #verify} where there is nothing to compare with, so that time does not tell. Returns false. */
    public Future<Boolean> verifyAbsent(String password) {
        return verify(password, absentHash).map(false);
    }

    private <T> Future<T> run(Callable<T> work) {
        if (waiting.incrementAndGet() > MAXIMUM_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(new OAuthException(OAuthErrorCode.TEMPORARILY_UNAVAILABLE,
                "Too many logins at this moment", "the password queue is full"));
        }
        return workers.executeBlocking(work, false).onComplete(done -> waiting.decrementAndGet());
    }

    /** Ends the worker threads. */
    public Future<Void> close() {
        return workers.close();
    }
}

package dev.gatehouse.authz.user;

import dev.gatehouse.authz.user.FairWorkers.Turn;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Hashes passwords and client secrets on its own worker threads, a few at a time, so that a flood cannot use up the event
 * loops, the processors or the memory. Thread-safe.
 */
public final class PasswordHasher {

    private static final String ARGON2ID = "$argon2id$";

    private final Argon2id argon2id;
    private final FairWorkers workers;
    private final String absentHash;
    /** Zero until the first hash. */
    private volatile long costNanos;

    /** A hasher for passwords of users. */
    public PasswordHasher(Vertx vertx, PasswordHashOptions options) {
        this(vertx, "gatehouse-password", options, options.concurrency(), options.concurrency());
    }

    private PasswordHasher(Vertx vertx, String name, PasswordHashOptions options, int atOnce, int atOncePerLane) {
        argon2id = new Argon2id(options);
        workers = new FairWorkers(vertx, name, atOnce, atOncePerLane);
        absentHash = argon2id.unmatched();
    }

    /** A hasher for client secrets, with its own thread and queue, one hash at a time. */
    public static PasswordHasher forClients(Vertx vertx, PasswordHashOptions options) {
        return new PasswordHasher(vertx, "gatehouse-client-secret", options, 1, 1);
    }

    /** The duration of the first hash, because later ones are rarely slower; empty before it. */
    public Optional<Duration> cost() {
        return costNanos == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(costNanos));
    }

    /**
     * Hashes a password.
     *
     * @return its PHC string; fails with {@code temporarily_unavailable} if the queue is full
     */
    public Future<String> hash(String password) {
        return workers.run(Turn.OWN, () -> timed(() -> argon2id.hash(password)));
    }

    /** As {@link #verify(String, String, Turn)}, for work without a waiting request. */
    public Future<Boolean> verify(String password, String phc) {
        return verify(password, phc, Turn.OWN);
    }

    /**
     * Compares a password with a PHC string. A password longer than {@link Argon2id#LONGEST} is wrong.
     *
     * @param phc the hash, or any other text for an account without a password
     * @return whether the password is correct; fails with {@code temporarily_unavailable} if the queue is full or the caller has
     *     disconnected
     */
    public Future<Boolean> verify(String password, String phc, Turn turn) {
        if (password.length() > Argon2id.LONGEST) {
            return Future.succeededFuture(false);
        }
        return phc.startsWith(ARGON2ID) ? workers.run(turn, () -> timed(() -> argon2id.verify(password, phc))) : verifyAbsent(password, turn);
    }

    private <T> T timed(Supplier<T> work) {
        long begun = System.nanoTime();
        T result = work.get();
        if (costNanos == 0) {
            costNanos = System.nanoTime() - begun;
        }
        return result;
    }

    /** Does the work of {@link #verify} for an unknown account, so that the time reveals nothing. Returns false. */
    public Future<Boolean> verifyAbsent(String password, Turn turn) {
        return verify(password, absentHash, turn).map(false);
    }

    /** Stops the worker threads. */
    public Future<Void> close() {
        return workers.close();
    }

    /**
     * The cost of Argon2id (RFC 9106).
     *
     * @param concurrency hashes computed at the same time
     */
    public record PasswordHashOptions(int memoryKibibytes, int iterations, int parallelism, int concurrency) {
    }
}

package dev.gatehouse.authz.user;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.time.Duration;

/**
 * Hashes passwords or chosen client secrets on worker threads of its own, a few at a time, so that a flood takes neither
 * the event loops nor all processors and memory. Safe for use from any thread.
 */
public final class PasswordHasher {

    private static final String ARGON2ID = "$argon2id$";

    private final Argon2id argon2id;
    private final FairWorkers workers;
    private final String absentHash;
    private final Duration cost;

    /** For the passwords of people. Takes as long as one hash. */
    public PasswordHasher(Vertx vertx, PasswordHashOptions options) {
        this(vertx, "gatehouse-password", options, options.concurrency(), options.concurrency());
    }

    private PasswordHasher(Vertx vertx, String name, PasswordHashOptions options, int atOnce, int atOncePerLane) {
        argon2id = new Argon2id(options);
        workers = new FairWorkers(vertx, name, atOnce, atOncePerLane);
        long begun = System.nanoTime();
        absentHash = argon2id.hash("no one has this password");
        cost = Duration.ofNanos(System.nanoTime() - begun);
    }

    /** For the secrets of clients: another thread and queue than people's, and one hash at a time. Takes as long as one hash. */
    public static PasswordHasher forClients(Vertx vertx, PasswordHashOptions options) {
        return new PasswordHasher(vertx, "gatehouse-client-secret", options, 1, 1);
    }

    /** How long the first hash took, which later ones rarely exceed. */
    public Duration cost() {
        return cost;
    }

    /**
     * Hashes a password.
     *
     * @return its PHC string; or {@code temporarily_unavailable} when too many wait already
     */
    public Future<String> hash(String password) {
        return workers.run(Turn.OWN, () -> argon2id.hash(password));
    }

    /** As {@link #verify(String, String, Turn)}, for work that no request waits for. */
    public Future<Boolean> verify(String password, String phc) {
        return verify(password, phc, Turn.OWN);
    }

    /**
     * Compares a password with a PHC string. A password that is longer than {@link Argon2id#LONGEST} is wrong.
     *
     * @param phc or any other text, for an account that no password opens
     * @return whether it is the right one; or {@code temporarily_unavailable} when too many wait, or the caller has gone
     */
    public Future<Boolean> verify(String password, String phc, Turn turn) {
        if (password.length() > Argon2id.LONGEST) {
            return Future.succeededFuture(false);
        }
        return phc.startsWith(ARGON2ID) ? workers.run(turn, () -> argon2id.verify(password, phc)) : verifyAbsent(password, turn);
    }

    /** Does the work of {@link #verify} where there is nothing to compare with, so that time does not tell. Returns false. */
    public Future<Boolean> verifyAbsent(String password, Turn turn) {
        return verify(password, absentHash, turn).map(false);
    }

    /** Ends the worker threads. */
    public Future<Void> close() {
        return workers.close();
    }

    /**
     * The cost of Argon2id (RFC 9106).
     *
     * @param concurrency how many are computed at once
     */
    public record PasswordHashOptions(int memoryKibibytes, int iterations, int parallelism, int concurrency) {

        /** The defaults, as a configuration without the section has them. */
        public static final PasswordHashOptions DEFAULT = of(new JsonObject());

        public static PasswordHashOptions of(JsonObject json) {
            return new PasswordHashOptions(json.getInteger("memoryKibibytes", 19_456), json.getInteger("iterations", 2),
                json.getInteger("parallelism", 1), json.getInteger("concurrency", 2));
        }
    }
}

package dev.gatehouse.authz.user;

import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/**
 * Runs slow work on a few threads. Lanes take turns, so a flood in one lane delays other lanes only by a few jobs. When the queue
 * is full, the longest lane loses its newest job. Thread-safe.
 */
public final class FairWorkers {

    private static final int MOST_WAITING = 500;
    private static final int MOST_IN_LANE = 100;

    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final int atOnce;
    private final int atOncePerLane;
    /** Lanes in the order of their turns. An empty lane is removed. */
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private int waiting;
    private int running;

    private record Job<T>(Turn turn, Callable<T> work, Promise<T> result) {
    }

    private static final class Lane {
        private final ArrayDeque<Job<?>> waiting = new ArrayDeque<>();
        private int running;

        private int length() {
            return waiting.size();
        }
    }

    FairWorkers(Vertx vertx, String name, int atOnce, int atOncePerLane) {
        this.vertx = vertx;
        this.atOnce = atOnce;
        this.atOncePerLane = atOncePerLane;
        workers = vertx.createSharedWorkerExecutor(name, atOnce);
    }

    /** Runs work in its turn; fails with {@code temporarily_unavailable} if the queue is full or the caller has disconnected. */
    <T> Future<T> run(Turn turn, Callable<T> work) {
        Job<T> job = new Job<>(turn, work, CallerContext.promise(vertx));
        Job<?> refused = enqueue(job);
        if (refused != null) {
            refused.result().fail(busy("the queue is full"));
        }
        startNext();
        return job.result().future();
    }

    /** Returns the job to reject: the new one, one that makes room for it, or null. */
    private synchronized Job<?> enqueue(Job<?> job) {
        Lane lane = lanes.computeIfAbsent(job.turn().lane(), name -> new Lane());
        if (lane.length() >= MOST_IN_LANE && job.turn() != Turn.OWN) {
            return job;
        }
        lane.waiting.add(job);
        waiting++;
        return waiting > MOST_WAITING ? removeNewestOfLongestLane() : null;
    }

    private Job<?> removeNewestOfLongestLane() {
        Lane longest = lanes.values().stream().max(Comparator.comparingInt(Lane::length)).orElseThrow();
        waiting--;
        return longest.waiting.removeLast();
    }

    private void startNext() {
        for (Job<?> job = next(); job != null; job = next()) {
            start(job);
        }
    }

    /** Takes the next job of the first lane below its limit, and moves that lane to the end. */
    private synchronized Job<?> next() {
        if (running >= atOnce) {
            return null;
        }
        for (Map.Entry<String, Lane> entry : lanes.entrySet()) {
            Lane lane = entry.getValue();
            if (lane.length() > 0 && lane.running < atOncePerLane) {
                lanes.remove(entry.getKey());
                lanes.put(entry.getKey(), lane);
                lane.running++;
                running++;
                waiting--;
                return lane.waiting.poll();
            }
        }
        return null;
    }

    private <T> void start(Job<T> job) {
        Future<T> done = job.turn().isAbandoned().getAsBoolean() ? Future.failedFuture(busy("the caller has disconnected"))
            : workers.executeBlocking(job.work(), false);
        done.onComplete(outcome -> {
            finish(job.turn().lane());
            job.result().handle(outcome);
            startNext();
        });
    }

    private synchronized void finish(String name) {
        running--;
        Lane lane = lanes.get(name);
        lane.running--;
        if (lane.running == 0 && lane.length() == 0) {
            lanes.remove(name);
        }
    }

    private static OAuthException busy(String reason) {
        return new OAuthException(OAuthErrorCode.TEMPORARILY_UNAVAILABLE, "The server is busy. Try again later", reason);
    }

    Future<Void> close() {
        return workers.close();
    }

    /**
     * The place of a request in the queue of a {@link PasswordHasher}.
     *
     * @param lane requests of one lane wait for each other; different lanes take turns
     * @param isAbandoned whether the caller has disconnected and needs no result; called when the turn comes
     */
    public record Turn(String lane, BooleanSupplier isAbandoned) {

        /** For work of an operator or of the start: no lane limit, never abandoned. */
        static final Turn OWN = new Turn("", () -> false);
    }
}

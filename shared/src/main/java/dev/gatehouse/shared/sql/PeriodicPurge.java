package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.audit.OncePerMinute;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Deletes expired rows periodically, in small transactions with pauses between them, so that other writes wait only briefly.
 * Several instances and processes may purge the same database.
 */
public final class PeriodicPurge {

    private static final Logger LOG = LoggerFactory.getLogger(PeriodicPurge.class);
    private static final long PAUSE_MILLIS = 20;

    private final OncePerMinute failures = new OncePerMinute();
    private final Vertx vertx;
    private final Database database;
    private final long intervalMillis;
    private final int rowsPerStep;
    private final List<PurgeStep> steps;
    private volatile boolean stopped;

    private PeriodicPurge(Vertx vertx, Database database, Duration interval, int rowsPerStep, List<PurgeStep> steps) {
        this.vertx = vertx;
        this.database = database;
        this.intervalMillis = Math.max(1, interval.toMillis());
        this.rowsPerStep = rowsPerStep;
        this.steps = List.copyOf(steps);
    }

    /**
     * Starts purging after one interval. Each step is repeated until it deletes fewer rows than its limit.
     *
     * @param vertx the Vert.x instance
     * @param database the database
     * @param interval the interval between two purges
     * @param rowsPerStep the most rows that one statement deletes
     * @param steps the steps, in order
     * @return the running purge
     */
    public static PeriodicPurge start(
            Vertx vertx, Database database, Duration interval, int rowsPerStep, List<PurgeStep> steps) {
        PeriodicPurge purge = new PeriodicPurge(vertx, database, interval, rowsPerStep, steps);
        purge.roundLater();
        return purge;
    }

    /** Starts no further step. A verticle calls this in its {@code stop}. */
    public void stop() {
        stopped = true;
    }

    private void roundLater() {
        vertx.setTimer(intervalMillis, timer -> run(0));
    }

    private void run(int place) {
        if (stopped) {
            return;
        }
        if (place == steps.size()) {
            roundLater();
            return;
        }
        remove(steps.get(place))
            .onSuccess(removed -> runLater(removed < rowsPerStep ? place + 1 : place))
            .onFailure(cause -> {
                failures.write(held -> LOG.warn("Cannot delete expired rows: {}", cause.getMessage()));
                runLater(place + 1);
            });
    }

    private Future<Integer> remove(PurgeStep step) {
        return database.write(statements -> statements.update(step.sql(), step.cutoff().getAsLong(), rowsPerStep));
    }

    private void runLater(int place) {
        vertx.setTimer(PAUSE_MILLIS, timer -> run(place));
    }

    /**
     * A statement that deletes a limited number of expired rows.
     *
     * @param sql {@code DELETE … WHERE id IN (SELECT id … WHERE expires_at <= $1 LIMIT $2)}: {@code $1} is the cutoff,
     *     {@code $2} the maximum number of rows to delete
     * @param cutoff the time up to which rows are deleted, in the column's unit; called for each step
     */
    public record PurgeStep(String sql, LongSupplier cutoff) {
    }
}

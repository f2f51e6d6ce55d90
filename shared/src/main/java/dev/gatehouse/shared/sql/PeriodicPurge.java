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
 * Removes expired rows at an interval, in steps so small that nobody waits long behind one: each is a transaction of
 * its own, and the next is asked for only after a pause. Several instances and processes may purge one database.
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

    /** Starts purging, first after one interval. Each step is repeated until it finds less than its fill. */
    public static PeriodicPurge start(
            Vertx vertx, Database database, Duration interval, int rowsPerStep, List<PurgeStep> steps) {
        PeriodicPurge purge = new PeriodicPurge(vertx, database, interval, rowsPerStep, steps);
        purge.roundLater();
        return purge;
    }

    /** No step is begun after this. A verticle calls this in its {@code stop}. */
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
                failures.write(held -> LOG.warn("Expired rows were not removed: {}", cause.getMessage()));
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
     * A statement that removes a bounded number of rows that nobody needs any more.
     *
     * @param sql {@code DELETE … WHERE id IN (SELECT id … WHERE expires_at <= $1 LIMIT $2)}: {@code $1} is the cutoff,
     *     {@code $2} the most rows to remove
     * @param cutoff the moment, in the column's own unit, up to which rows are removed; asked anew for each step
     */
    public record PurgeStep(String sql, LongSupplier cutoff) {
    }
}

package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.audit.OncePerMinute;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.metric.Meters;
import dev.gatehouse.shared.sql.ChangeFeed.FeedPage;
import dev.gatehouse.shared.sql.ChangeFeed.FeedTable;
import dev.gatehouse.shared.sql.PostgresFailure.ConflictException;
import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A database in PostgreSQL 13 or newer, for several processes. Transactions are READ COMMITTED: stores decide by conditional changes,
 * whose row locks make concurrent transactions wait for each other. A transaction that meets a deadlock or a serialization failure runs
 * again, a few times.
 *
 * <p>Every call ends within a deadline, also when the server does not answer. A connection on which it does not answer is closed.
 */
final class PostgresDatabase implements Database {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresDatabase.class);
    private static final int MOST_RUNS = 5;
    private static final int LONGEST_PAUSE_MILLIS = 20;
    private static final String SYSTEM = "postgresql";

    private final OncePerMinute failures = new OncePerMinute();
    private final Vertx vertx;
    private final PostgresConnections connections;
    private final PostgresNotifications notifications;
    private final AtomicInteger waitingWrites = new AtomicInteger();
    private final AtomicInteger waitingReads = new AtomicInteger();
    private final StoreMeters meters;
    private volatile Pool pool;
    private volatile boolean failing;
    private volatile boolean closed;

    private PostgresDatabase(Vertx vertx, PostgresConnections connections) {
        this.vertx = vertx;
        this.connections = connections;
        this.pool = connections.pool(vertx);
        this.notifications = new PostgresNotifications(vertx, connections);
        this.meters = StoreMeters.of(Meters.of(vertx), connections.schema(), waitingWrites::get, waitingReads::get);
    }

    /**
     * Connects and migrates the schema.
     *
     * @return the database; fails with {@link dev.gatehouse.shared.config.StartupException} if the server cannot be reached or the schema
     *     belongs to a newer version of the program
     */
    static Future<Database> open(Vertx vertx, StoreConfiguration store, DataHome home, String migrations) {
        return vertx.executeBlocking(() -> new PostgresConnections(store, home), false)
            .compose(connections -> PostgresSchema.migrate(vertx, connections, migrations).map(migrated -> {
                PostgresDatabase database = new PostgresDatabase(vertx, connections);
                database.notifications.start();
                return database;
            }));
    }

    @Override
    public String name() {
        return connections.name();
    }

    @Override
    public <T> Future<T> write(Transaction<T> transaction) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(connections.deadlineMillis());
        StoreSpan span = StoreSpan.of(vertx, SYSTEM, connections.schema());
        return span.until(vertx, "write", CallerContext.bring(vertx, run(span.over(transaction), 1, deadline)));
    }

    private <T> Future<T> run(Transaction<T> transaction, int run, long deadline) {
        return within(transaction, deadline).recover(failure -> {
            boolean again = failure instanceof ConflictException conflict && run < (conflict.isConstraint() ? 2 : MOST_RUNS)
                && System.nanoTime() < deadline;
            return again ? vertx.timer(ThreadLocalRandom.current().nextInt(1, LONGEST_PAUSE_MILLIS * run))
                .compose(paused -> run(transaction, run + 1, deadline)) : Future.failedFuture(last(failure));
        });
    }

    private Throwable last(Throwable failure) {
        if (failure instanceof ConflictException conflict) {
            return conflict.isConstraint() ? conflict.getCause()
                : new StoreUnavailableException("Transactions on " + name() + " conflict too often", conflict);
        }
        return failure;
    }

    /** Runs a transaction once. At the deadline the caller gets a failure, and the transaction can change nothing any more. */
    private <T> Future<T> within(Transaction<T> transaction, long deadline) {
        Promise<T> caller = CallerContext.promise(vertx);
        Running<T> running = new Running<>(transaction, caller);
        int turn = connections.turn();
        long timer = vertx.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())), late -> running.expire(lateness()));
        waitingWrites.incrementAndGet();
        pool.getConnection().onComplete(got -> waitingWrites.decrementAndGet())
            .recover(cause -> Future.failedFuture(PostgresFailure.of("", name(), cause))).compose(running::on)
            .onComplete(result -> {
                vertx.cancelTimer(timer);
                note(turn, result.cause());
                if (result.succeeded()) {
                    caller.tryComplete(result.result());
                } else {
                    caller.tryFail(result.cause());
                }
            });
        return caller.future();
    }

    private StoreUnavailableException lateness() {
        return new StoreUnavailableException("The database " + name() + " did not answer within " + connections.deadlineMillis() + " ms");
    }

    /** One run of a transaction. */
    private final class Running<T> {

        private final Transaction<T> body;
        private final Promise<T> caller;
        private PostgresTransaction transaction;
        private StoreUnavailableException expired;

        Running(Transaction<T> body, Promise<T> caller) {
            this.body = body;
            this.caller = caller;
        }

        synchronized void expire(StoreUnavailableException late) {
            expired = late;
            if (transaction != null) {
                transaction.end(late);
            }
            note(connections.turn(), late);
            caller.tryFail(late);
        }

        private synchronized PostgresTransaction begin(SqlConnection connection) {
            if (expired != null) {
                throw expired;
            }
            transaction = new PostgresTransaction(connection, name());
            return transaction;
        }

        private synchronized boolean isExpired() {
            return expired != null;
        }

        /** BEGIN travels with the first statement. */
        Future<T> on(SqlConnection connection) {
            PostgresTransaction statements;
            try {
                statements = begin(connection);
            } catch (StoreUnavailableException late) {
                return connection.close().transform(closing -> Future.failedFuture(late));
            }
            long start = System.nanoTime();
            Future<?> begun = connection.query("BEGIN").execute();
            Future<T> answer = call(statements);
            return answer.transform(result -> begun.transform(beginning -> {
                RuntimeException failure = isExpired() ? lateness() : beginning.failed() ? PostgresFailure.of("BEGIN", name(), beginning.cause())
                    : statements.failure();
                statements.end(new IllegalStateException("The transaction of this statement has ended"));
                return failure == null && result.succeeded() ? commit(connection, statements, start).map(result.result())
                    : rollback(connection).transform(done -> Future.<T>failedFuture(failure == null ? result.cause() : failure));
            })).eventually(connection::close);
        }

        private Future<T> call(PostgresTransaction statements) {
            try {
                return body.run(statements);
            } catch (RuntimeException thrown) {
                return Future.failedFuture(thrown);
            }
        }
    }

    private Future<?> commit(SqlConnection connection, PostgresTransaction statements, long start) {
        Future<?> committed = connection.query("COMMIT").execute()
            .recover(cause -> Future.failedFuture(PostgresFailure.of("COMMIT", name(), cause)))
            .onSuccess(done -> meters.committed(System.nanoTime() - start, 1));
        if (!statements.woken().isEmpty()) {
            committed.onSuccess(done -> notifications.wake(pool, statements.woken()));
        }
        return committed;
    }

    private static Future<?> rollback(SqlConnection connection) {
        return connection.query("ROLLBACK").execute();
    }

    @Override
    public Future<List<SqlRow>> read(String sql, Object... parameters) {
        int turn = connections.turn();
        StoreSpan span = StoreSpan.of(vertx, SYSTEM, connections.schema());
        span.add(sql);
        waitingReads.incrementAndGet();
        Future<List<SqlRow>> rows = pool.preparedQuery(sql).execute(PostgresTransaction.tuple(parameters)).map(PostgresTransaction::rows)
            .timeout(connections.deadlineMillis(), TimeUnit.MILLISECONDS)
            .recover(cause -> Future.failedFuture(last(cause instanceof java.util.concurrent.TimeoutException ? lateness()
                : PostgresFailure.of(sql, name(), cause))))
            .onComplete(result -> {
                waitingReads.decrementAndGet();
                note(turn, result.cause());
            });
        return span.until(vertx, "read", CallerContext.bring(vertx, rows));
    }

    /** Logs the beginning and the end of an outage, and leaves a server that accepts no changes or no connections. */
    private void note(int turn, Throwable failure) {
        if (failure instanceof StoreUnavailableException) {
            if (!failing && !closed) {
                failing = true;
                failures.write(held -> LOG.error("{}", failure.getMessage()));
            }
            if (connections.leave(turn)) {
                Pool left = pool;
                pool = connections.pool(vertx);
                left.close();
            }
        } else if (failing && failure == null) {
            failing = false;
            LOG.info("{} answers again", name());
        }
    }

    @Override
    public Future<String> feedPosition(FeedTable table) {
        return read("SELECT CAST(pg_current_snapshot() AS TEXT) AS position").map(rows -> rows.get(0).text("position"));
    }

    /**
     * A position is the snapshot of a read. The next read takes the rows of transactions that the snapshot did not see: those after it and
     * those that were in progress. So a transaction may commit later than one with a greater {@code seq}, and a long transaction delays no other.
     * Rows with a transaction of the future come from a restored dump.
     */
    @Override
    public Future<FeedPage> feed(FeedTable table, String position, int limit) {
        String sql = """
            SELECT page.position, page.behind, page.remains, changed.*
            FROM (SELECT CAST(pg_current_snapshot() AS TEXT) AS position,
                    pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax(before.snapshot) AS behind,
                    EXISTS (SELECT 1 FROM %1$s WHERE pg_visible_in_snapshot(tx, before.snapshot)) AS remains
                FROM (SELECT CAST(CAST($1 AS TEXT) AS pg_snapshot) AS snapshot) AS before) AS page
            LEFT JOIN (SELECT seq, %2$s FROM %1$s
                WHERE (tx >= pg_snapshot_xmax(CAST(CAST($1 AS TEXT) AS pg_snapshot))
                    OR tx = ANY (ARRAY(SELECT pg_snapshot_xip(CAST(CAST($1 AS TEXT) AS pg_snapshot)))))
                  AND tx < pg_snapshot_xmax(pg_current_snapshot())
                ORDER BY seq LIMIT CAST($2 AS BIGINT)) AS changed ON TRUE
            ORDER BY changed.seq""".formatted(table.name(), table.columns());
        return read(sql, position, MOST_ROWS + 1).map(PostgresDatabase::page);
    }

    /** A snapshot cannot be taken in parts, so a reader that is far behind gets no rows, but the word that it missed some. */
    private static final int MOST_ROWS = 50_000;

    private static FeedPage page(List<SqlRow> rows) {
        SqlRow first = rows.get(0);
        if (first.numberOrNull("seq") == null) {
            return new FeedPage(first.text("position"), first.number("behind") != 0, List.of(), false);
        }
        boolean tooMany = rows.size() > MOST_ROWS;
        boolean purged = first.number("remains") == 0 && first.number("seq") > 1;
        return new FeedPage(first.text("position"), tooMany || purged || first.number("behind") != 0, tooMany ? List.of() : rows, false);
    }

    @Override
    public Runnable onWake(String feed, Runnable listener) {
        return notifications.add(feed, listener);
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return CallerContext.bring(vertx, notifications.close().transform(ended -> pool.close()));
    }
}

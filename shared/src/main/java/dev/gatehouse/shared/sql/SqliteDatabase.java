package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.metric.Meters;
import dev.gatehouse.shared.sql.ChangeFeed.FeedPage;
import dev.gatehouse.shared.sql.ChangeFeed.FeedTable;
import dev.gatehouse.shared.sql.SqliteReader.SqliteQuery;
import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A database in one SQLite file, which other processes may use at the same time. One thread writes, one checkpoints and a few read; all
 * are daemon threads. A transaction's body runs on the writing thread. Its statements return completed futures, so it must not wait
 * for anything else.
 *
 * <p>Acknowledged changes are durable: write-ahead log with {@code synchronous=FULL}. A failed commit fails each transaction
 * in it with {@link StoreUnavailableException}; a full queue fails a new one immediately.
 */
public final class SqliteDatabase implements Database {

    private static final String SYSTEM = "sqlite";

    private final Vertx vertx;
    private final String name;
    private final Path file;
    private final WorkQueue<SqliteTransaction<?>> writes;
    private final WorkQueue<SqliteQuery> reads;
    private final Wakes wakes = new Wakes();
    private final SqliteWriter writer;
    private final Future<Void> readersEnded;
    private final Future<Void> writerEnded;

    private SqliteDatabase(Vertx vertx, SqliteOptions options) {
        this.vertx = vertx;
        file = options.file();
        writes = new WorkQueue<>(options.file().toString(), options.queueCapacity());
        reads = new WorkQueue<>(options.file().toString(), options.queueCapacity());
        name = options.file().getFileName().toString();
        StoreMeters meters = StoreMeters.of(Meters.of(vertx), name, writes::size, reads::size);
        CountDownLatch othersGone = new CountDownLatch(2);
        AtomicLong wholeSize = new AtomicLong(options.file().toFile().length());
        SqliteCheckpointer checkpointer = new SqliteCheckpointer(options, wholeSize);
        writer = new SqliteWriter(options, writes, othersGone, checkpointer, wholeSize, meters);
        writerEnded = start(name + "-writer", 1, () -> writer);
        readersEnded = start(name + "-reader", options.readers(), () -> new SqliteReader(options, reads, wholeSize));
        readersEnded.onComplete(ended -> othersGone.countDown());
        start(name + "-checkpointer", 1, () -> checkpointer).onComplete(ended -> othersGone.countDown());
    }

    /**
     * Opens a file with the options of {@link SqliteOptions#of}.
     *
     * @param vertx the Vert.x instance
     * @param file the file
     * @param migrations the folder of the migrations on the class path
     * @return the database; fails as {@link #open(Vertx, SqliteOptions)}
     * @see #open(Vertx, SqliteOptions)
     */
    public static Future<SqliteDatabase> open(Vertx vertx, Path file, String migrations) {
        return open(vertx, SqliteOptions.of(file, migrations));
    }

    /**
     * Opens a file, creates it and its directory if they are missing, and migrates its schema.
     *
     * @param vertx the Vert.x instance
     * @param options the file and its settings
     * @return the database; fails with {@link dev.gatehouse.shared.config.StartupException} if the path is not writable, the file is not a database,
     * or a newer version of the program has migrated it
     */
    public static Future<SqliteDatabase> open(Vertx vertx, SqliteOptions options) {
        return vertx.executeBlocking(() -> {
            SqliteSchema.prepare(options);
            return new SqliteDatabase(vertx, options);
        }, false);
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public <T> Future<T> write(Transaction<T> transaction) {
        Promise<T> caller = CallerContext.promise(vertx);
        StoreSpan span = StoreSpan.of(vertx, SYSTEM, name);
        try {
            writes.add(new SqliteTransaction<>(span.over(transaction), caller, CallerContext.eventLoop(vertx), wakes));
        } catch (StoreUnavailableException refused) {
            caller.fail(refused);
        }
        return span.until(vertx, "write", caller.future());
    }

    @Override
    public Future<List<SqlRow>> read(String sql, Object... parameters) {
        Promise<List<SqlRow>> caller = CallerContext.promise(vertx);
        StoreSpan span = StoreSpan.of(vertx, SYSTEM, name);
        span.add(sql);
        try {
            reads.add(new SqliteQuery(sql, parameters, caller));
        } catch (StoreUnavailableException refused) {
            caller.fail(refused);
        }
        return span.until(vertx, "read", caller.future());
    }

    @Override
    public Future<String> feedPosition(FeedTable table) {
        return read("SELECT COALESCE(MAX(seq), 0) AS seq FROM " + table.name()).map(rows -> String.valueOf(rows.get(0).number("seq")));
    }

    /** The only writer commits in the order of {@code seq}, without gaps. */
    @Override
    public Future<FeedPage> feed(FeedTable table, String position, int limit) {
        long last = Long.parseLong(position);
        return read("SELECT seq, " + table.columns() + " FROM " + table.name() + " WHERE seq > $1 ORDER BY seq LIMIT $2", last, limit)
            .map(rows -> rows.isEmpty() ? new FeedPage(position, false, rows, false)
                : new FeedPage(String.valueOf(rows.get(rows.size() - 1).number("seq")), rows.get(0).number("seq") != last + 1,
                    rows, rows.size() == limit));
    }

    /** Wakes the readers of this process only. Those of other processes read at intervals. */
    @Override
    public Runnable onWake(String feed, Runnable listener) {
        return wakes.add(feed, listener);
    }

    @Override
    public Future<Void> close() {
        writes.close();
        reads.close();
        return CallerContext.bring(vertx, Future.join(readersEnded, writerEnded).mapEmpty());
    }

    /** The number of commits, for tests; exact after {@link #close}. */
    long commits() {
        return writer.commits();
    }

    private static Future<Void> start(String name, int count, Supplier<Runnable> work) {
        Promise<Void> ended = Promise.promise();
        AtomicInteger running = new AtomicInteger(count);
        for (int number = 1; number <= count; number++) {
            Runnable loop = work.get();
            Thread thread = new Thread(() -> {
                try {
                    loop.run();
                } finally {
                    if (running.decrementAndGet() == 0) {
                        ended.complete();
                    }
                }
            }, name + "-" + number);
            thread.setDaemon(true);
            thread.start();
        }
        return ended.future();
    }
}

package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Copies all rows of one store into another, in one transaction of the target, and verifies every table before the commit. */
public final class StoreCopy {

    private static final int ROWS_PER_READ = 1_000;
    /** The tables whose one row a migration inserts. */
    private static final Set<String> SEEDED = Set.of("signing_turn", "write_probe");

    private final StoreSession source;
    private final StoreSession target;

    /**
     * A copied table.
     *
     * @param table its name
     * @param rows the number of rows, the same in both stores
     * @param checksum the checksum of the rows, the same in both stores
     */
    public record Copied(String table, long rows, String checksum) {
    }

    /** The copied tables, and the result of the work before the commit. */
    record Outcome<T>(List<Copied> tables, T afterwards) {
    }

    private StoreCopy(StoreSession source, StoreSession target) {
        this.source = source;
        this.target = target;
    }

    /**
     * Copies a store while its servers may run. No server may use the target.
     *
     * @param vertx the Vert.x instance
     * @param from the source; its schema must be current
     * @param to the target, which is created if it is missing
     * @return the tables; fails with {@link StartupException} if the target has rows or is in use. The target is unchanged then.
     */
    public static Future<List<Copied>> copy(Vertx vertx, StoreLocation from, StoreLocation to) {
        return copy(vertx, from, to, false, statements -> Future.succeededFuture()).map(Outcome::tables);
    }

    /** As above, and replaces the rows of the target if that is wanted. */
    static <T> Future<Outcome<T>> copy(Vertx vertx, StoreLocation from, StoreLocation to, boolean replace, Transaction<T> afterwards) {
        return from.status(vertx).compose(status -> requireCurrent(status)).compose(current -> to.migrate(vertx))
            .compose(migrated -> from.within(vertx, (same, source) -> to.within(vertx, (again, target) ->
                new StoreCopy(source, target).run(replace, afterwards))));
    }

    private static Future<Void> requireCurrent(StoreLocation.Status status) {
        return status.pending().isEmpty() ? Future.succeededFuture()
            : Future.failedFuture(new StartupException(status.version() == 0 ? "There is no store at " + status.name() + "."
                : "The store " + status.name() + " has an older schema. Run 'gatehouse store migrate' first."));
    }

    private <T> Future<Outcome<T>> run(boolean replace, Transaction<T> afterwards) {
        return source.begin(StoreSession.Use.READ).compose(begun -> target.begin(StoreSession.Use.WRITE_ALONE))
            .compose(begun -> source.tables()).compose(tables -> target.tables().compose(others -> {
                requireSameShape(tables, others);
                return clear(tables, replace);
            }).compose(cleared -> copyAll(tables)))
            .compose(copied -> afterwards.run(target).compose(done -> target.commit().map(new Outcome<>(copied, done))));
    }

    private static void requireSameShape(List<StoreTable> tables, List<StoreTable> others) {
        boolean same = tables.size() == others.size()
            && tables.stream().allMatch(table -> others.stream().anyMatch(table::hasShapeOf));
        if (!same) {
            throw new StartupException("The two stores have different tables.");
        }
    }

    /** Referencing tables first. */
    private Future<Void> clear(List<StoreTable> tables, boolean replace) {
        List<StoreTable> reversed = new ArrayList<>(tables);
        Collections.reverse(reversed);
        Future<Void> cleared = Future.succeededFuture();
        for (StoreTable table : reversed) {
            cleared = cleared.compose(before -> replace || SEEDED.contains(table.name()) ? Future.succeededFuture() : requireEmpty(table))
                .compose(empty -> target.update("DELETE FROM " + table.name())).mapEmpty();
        }
        return cleared;
    }

    private Future<Void> requireEmpty(StoreTable table) {
        return target.query("SELECT 1 AS found FROM " + table.name() + " LIMIT 1").compose(rows -> rows.isEmpty() ? Future.succeededFuture()
            : Future.failedFuture(new StartupException("The target is not empty: its table " + table.name() + " has rows. Nothing was changed.")));
    }

    private Future<List<Copied>> copyAll(List<StoreTable> tables) {
        List<Copied> copied = new ArrayList<>();
        Future<Void> done = Future.succeededFuture();
        for (StoreTable table : tables) {
            done = done.compose(before -> copyTable(table)).map(result -> {
                copied.add(result);
                return null;
            });
        }
        return done.map(copied);
    }

    private Future<Copied> copyTable(StoreTable table) {
        StoreChecksum read = new StoreChecksum();
        StoreChecksum written = new StoreChecksum();
        return pages(source, table, null, rows -> target.insert(table.insert(), read.add(table, rows)))
            .compose(done -> table.identity() == null ? Future.succeededFuture() : target.continueNumbers(table))
            .compose(done -> pages(target, table, null, rows -> {
                written.add(table, rows);
                return Future.succeededFuture();
            }))
            .compose(done -> read.equals(written) ? Future.succeededFuture(new Copied(table.name(), read.rows(), read.text()))
                : Future.failedFuture(new StartupException("The copy of the table " + table.name() + " differs: " + read.rows() + " rows read, "
                    + written.rows() + " rows written. Nothing was changed.")));
    }

    /** Reads a table in parts, each of which the consumer processes before the next. */
    private static Future<Void> pages(StoreSession session, StoreTable table, Object[] after, Consumer consumer) {
        String sql = table.page(after == null, ROWS_PER_READ);
        return session.query(sql, after == null ? new Object[0] : after).compose(rows -> rows.isEmpty() ? Future.succeededFuture()
            : consumer.take(rows).compose(taken -> rows.size() < ROWS_PER_READ ? Future.succeededFuture()
                : pages(session, table, table.keyOf(rows.get(rows.size() - 1)), consumer)));
    }

    private interface Consumer {

        Future<Void> take(List<SqlRow> rows);
    }
}

package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.metric.Meters;
import dev.gatehouse.shared.metric.Meters.Recorder;

import java.util.function.IntSupplier;

/**
 * The meters of one database.
 *
 * @param commits the time of each commit with its transactions
 * @param groups the transactions of each commit
 */
record StoreMeters(Recorder commits, Recorder groups) {

    /**
     * Creates the meters of a database.
     *
     * @param store the name of the database
     * @param writes reads the number of transactions that wait for the writer or a connection
     * @param reads reads the number of queries that wait for a reader or an answer
     */
    static StoreMeters of(Meters meters, String store, IntSupplier writes, IntSupplier reads) {
        String queue = "gatehouse.store.queue.length";
        String description = "Transactions and queries that wait for the database.";
        meters.gauge(queue, description, writes::getAsInt, "store", store, "queue", "write");
        meters.gauge(queue, description, reads::getAsInt, "store", store, "queue", "read");
        return new StoreMeters(meters.durations("gatehouse.store.commit.duration", "Time of a commit, with the statements of its transactions.", "store", store),
            meters.sizes("gatehouse.store.commit.transactions", "Transactions that shared a commit.", "store", store));
    }

    void committed(long nanos, int transactions) {
        commits.record(nanos);
        groups.record(transactions);
    }
}

package dev.gatehouse.shared.sql;

import io.vertx.core.Future;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Statements on the sample schema, and the waiting that only a test may do. */
final class Samples {

    private Samples() {
    }

    static Transaction<Integer> insert(String id) {
        return statements -> statements.update("INSERT INTO item (id, amount) VALUES ($1, $2)", id, 1);
    }

    static long count(Database database) throws Exception {
        return await(database.read("SELECT COUNT(*) AS n FROM item")).get(0).number("n");
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** Holds the thread that runs a transaction's body, so that others queue up behind it. */
    static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

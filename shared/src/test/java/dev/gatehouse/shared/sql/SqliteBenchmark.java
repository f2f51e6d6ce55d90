package dev.gatehouse.shared.sql;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Prints how many durable single-row transactions and reads a second the store does, and how long opening takes. */
final class SqliteBenchmark {

    private static final int CALLERS = 32;
    private static final int SECONDS = 4;

    private SqliteBenchmark() {
    }

    public static void main(String[] arguments) throws Exception {
        Path file = Files.createTempDirectory(Path.of(arguments[0]), "bench").resolve("sample.db");
        Vertx vertx = Vertx.vertx();
        long begun = System.nanoTime();
        SqliteDatabase database = Samples.await(SqliteDatabase.open(vertx, file, "db/sample"));
        report("first open", begun);
        Samples.await(database.close());
        begun = System.nanoTime();
        database = Samples.await(SqliteDatabase.open(vertx, file, "db/sample"));
        report("second open", begun);
        Database opened = database;
        for (int round = 0; round < 2; round++) {
            String prefix = "round" + round + "-";
            rate(vertx, "writes", 1, number -> opened.write(Samples.insert(prefix + "single" + number)));
            rate(vertx, "writes", CALLERS, number -> opened.write(Samples.insert(prefix + number)));
            rate(vertx, "writes", 8 * CALLERS, number -> opened.write(Samples.insert(prefix + "many" + number)));
            rate(vertx, "reads", CALLERS,
                number -> opened.read("SELECT id, amount, expires_at FROM item WHERE id = $1", prefix + number % 10_000));
        }
        Samples.await(database.close());
        System.out.println("commits " + database.commits());
        Samples.await(vertx.close());
    }

    private static void rate(Vertx vertx, String what, int callers, IntFunction<Future<?>> work) throws Exception {
        AtomicInteger done = new AtomicInteger();
        long begun = System.nanoTime();
        long end = begun + TimeUnit.SECONDS.toNanos(SECONDS);
        Promise<Void> all = Promise.promise();
        AtomicInteger running = new AtomicInteger(callers);
        vertx.runOnContext(start -> {
            for (int caller = 0; caller < callers; caller++) {
                again(end, done, work).onComplete(ended -> {
                    if (running.decrementAndGet() == 0) {
                        all.complete();
                    }
                });
            }
        });
        Samples.await(all.future());
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf("%s from %d callers: %,.0f a second%n", what, callers, done.get() / seconds);
    }

    private static Future<Void> again(long end, AtomicInteger done, IntFunction<Future<?>> work) {
        Promise<Void> ended = Promise.promise();
        step(end, done, work, ended);
        return ended.future();
    }

    private static void step(long end, AtomicInteger done, IntFunction<Future<?>> work, Promise<Void> ended) {
        if (System.nanoTime() > end) {
            ended.complete();
            return;
        }
        work.apply(done.getAndIncrement()).onSuccess(result -> step(end, done, work, ended)).onFailure(ended::fail);
    }

    private static void report(String what, long begun) {
        System.out.printf("%s: %d ms%n", what, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    }
}

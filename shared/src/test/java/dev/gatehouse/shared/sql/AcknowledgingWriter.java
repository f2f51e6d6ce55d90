package dev.gatehouse.shared.sql;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A process of its own that inserts rows from 32 sides at once, and prints the id of each when it is acknowledged. */
final class AcknowledgingWriter {

    private static final int SIDES = 32;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger next = new AtomicInteger();
    private final String prefix;
    private final int total;
    private final PrintStream out = System.out;
    private SqliteDatabase database;

    private AcknowledgingWriter(String prefix, int total) {
        this.prefix = prefix;
        this.total = total;
    }

    /** Arguments: database file, prefix of the ids, how many rows. */
    public static void main(String[] arguments) throws Exception {
        new AcknowledgingWriter(arguments[1], Integer.parseInt(arguments[2])).run(Path.of(arguments[0]));
    }

    private void run(Path file) throws Exception {
        database = Samples.await(SqliteDatabase.open(vertx, file, "db/sample"));
        Future<?>[] sides = new Future<?>[SIDES];
        for (int side = 0; side < SIDES; side++) {
            sides[side] = insertOn();
        }
        Samples.await(Future.all(List.of(sides)));
        Samples.await(database.close());
        Samples.await(vertx.close());
    }

    private Future<Void> insertOn() {
        int number = next.getAndIncrement();
        if (number >= total) {
            return Future.succeededFuture();
        }
        String id = prefix + number;
        return database.write(Samples.insert(id)).compose(done -> {
            synchronized (out) {
                out.println(id);
                out.flush();
            }
            return insertOn();
        });
    }
}

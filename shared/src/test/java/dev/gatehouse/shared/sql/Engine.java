package dev.gatehouse.shared.sql;

import dev.gatehouse.fixtures.Postgres;
import dev.gatehouse.shared.config.DataHome;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Assumptions;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The engines that the contract of {@link Database} is tested with. */
enum Engine {
    SQLITE, POSTGRESQL;

    /** A place for one database. Several processes can open it. */
    record Place(Path file, String url) {

        Database open(Vertx vertx) throws Exception {
            return open(vertx, "db/sample");
        }

        Database open(Vertx vertx, String migrations) throws Exception {
            return Samples.await(Database.open(vertx, Engine.store(url), DataHome.of(Map.of("GATEHOUSE_HOME", file.getParent().toString())), file, migrations));
        }
    }

    /** Makes an empty place. A test of PostgreSQL is skipped on a machine without it. */
    Place place(Path directory) {
        if (this == SQLITE) {
            return new Place(directory.resolve("sample.db"), null);
        }
        Assumptions.assumeTrue(Postgres.isAvailable(), "No PostgreSQL here: install it, or name the directory of its programs in GATEHOUSE_POSTGRES");
        return new Place(directory.resolve("unused.db"), Postgres.shared().createDatabase());
    }

    static StoreConfiguration store(String url) {
        return new StoreConfiguration(url, new StoreConfiguration.PostgresqlOptions(List.of(), null, null, null, null, "sample", "disable", null, null,
            null, 16, 10_000, 5, 3));
    }
}

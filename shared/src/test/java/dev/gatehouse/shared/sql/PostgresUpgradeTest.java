package dev.gatehouse.shared.sql;

import static dev.gatehouse.shared.sql.Samples.await;
import static dev.gatehouse.shared.sql.Samples.count;
import static dev.gatehouse.shared.sql.Samples.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** Servers of two versions on one database: first the schema is extended, and contracted when no older server is left. */
@ExtendWith(VertxExtension.class)
class PostgresUpgradeTest {

    private static final String OLD = "db/sample";
    private static final String EXTENDED = "db/newer";
    private static final String CONTRACTED = "db/contracted";
    private static final String SERVING = "SELECT COUNT(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted"
        + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    @TempDir
    Path directory;

    private Engine.Place place;

    @BeforeEach
    void makePlace() {
        place = Engine.POSTGRESQL.place(directory);
    }

    private static void awaitServing(Database database, long servers) {
        Eventually.holds(servers + " servers serve", Duration.ofSeconds(10), () -> await(database.read(SERVING)).get(0).number("n") == servers);
    }

    @Test
    void anOldServerWorksOnAndStartsAgainWhileTheSchemaIsExtended(Vertx vertx) throws Exception {
        Database old = place.open(vertx, OLD);
        await(old.write(insert("before")));
        Database extended = place.open(vertx, EXTENDED);
        await(extended.write(statements -> statements.update("INSERT INTO more (id) VALUES ($1)", "new")));
        await(old.write(insert("after")));
        await(old.close());
        Database again = place.open(vertx, OLD);
        await(again.write(insert("again")));
        assertThat(count(extended)).isEqualTo(3);
        await(again.close());
        await(extended.close());
    }

    @Test
    void theSchemaIsContractedOnlyWhenNoOlderServerIsLeft(Vertx vertx) throws Exception {
        Database one = place.open(vertx, OLD);
        Database other = place.open(vertx, EXTENDED);
        awaitServing(one, 2);
        assertThatThrownBy(() -> place.open(vertx, CONTRACTED)).cause().isInstanceOf(StartupException.class)
            .hasMessageContaining("V003__without_amounts.sql is not compatible").hasMessageContaining("Nothing was changed");
        await(one.write(insert("kept")));
        await(one.close());
        assertThatThrownBy(() -> place.open(vertx, CONTRACTED)).cause().isInstanceOf(StartupException.class);
        assertThat(count(other)).isEqualTo(1);
        await(other.close());
        Database contracted = place.open(vertx, CONTRACTED);
        assertThat(await(contracted.read("SELECT id FROM item")).get(0).text("id")).isEqualTo("kept");
        assertThatThrownBy(() -> place.open(vertx, EXTENDED)).cause().isInstanceOf(StartupException.class).hasMessageContaining("newer version");
        Database second = place.open(vertx, CONTRACTED);
        awaitServing(second, 2);
        await(second.close());
        await(contracted.close());
    }
}

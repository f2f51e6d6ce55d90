package dev.gatehouse.it.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Two nodes on one store, one of which is suspended while tokens are revoked. */
@Timeout(180)
final class SuspendedNodeIT {

    private static boolean active(String node, String token) {
        return new JsonObject(Http.postForm(node + "/oauth/introspect", Map.of("token", token)).body()).getBoolean("active");
    }

    private static void signal(String name, long pid) {
        assertThat(Product.run(List.of("kill", "-" + name, Long.toString(pid)), Map.of(), "").exitCode()).isZero();
    }

    @Test
    void itsFirstAnswerKnowsWhatWasRevokedThoughTheNewsOfItIsGone() throws SQLException {
        try (RunningGatehouse gatehouse = RunningGatehouse.configured(new JsonObject(), new JsonObject())) {
            String second = gatehouse.secondNode();
            Tokens revoked = gatehouse.tokens();
            Tokens kept = gatehouse.tokens();
            assertThat(active(second, revoked.access())).isTrue();
            assertThat(active(second, kept.access())).isTrue();

            signal("STOP", gatehouse.secondNodePid());
            long suspended = System.nanoTime();
            gatehouse.client().revoke(revoked.access());
            gatehouse.client().revoke(gatehouse.tokens().access());
            // As after an hour, when a purge has left the newest row alone.
            try (Connection store = DriverManager.getConnection("jdbc:sqlite:" + gatehouse.home().resolve("authz.db"));
                 Statement statement = store.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 5000");
                assertThat(statement.executeUpdate("DELETE FROM invalidation WHERE seq < (SELECT MAX(seq) FROM invalidation)")).isPositive();
            }
            Eventually.holds("it is suspended for long", Duration.ofSeconds(20), () -> System.nanoTime() - suspended > 6_000_000_000L);
            signal("CONT", gatehouse.secondNodePid());

            assertThat(active(second, revoked.access())).as("the first answer").isFalse();
            assertThat(active(second, kept.access())).isTrue();
            Eventually.holds("it says that it missed something", Duration.ofSeconds(10),
                () -> gatehouse.output().contains("Rows of invalidation were missed"));
            assertThat(active(second, revoked.access())).isFalse();
            assertThat(active(second, kept.access())).isTrue();
        }
    }
}

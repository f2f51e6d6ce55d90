package dev.gatehouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;

class WatchedPolicyTest {

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        Waiting.on(vertx.close());
    }

    @Test
    void changedFileComesIntoForceAndABadOneLeavesTheOldPolicy() throws IOException {
        Path file = directory.resolve("policy.json");
        Files.writeString(file, "{\"default\": \"deny\", \"rules\": []}");
        WatchedPolicy watched = WatchedPolicy.open(vertx, file, "gatehouse", true, Clock.systemUTC());
        AtomicInteger changes = new AtomicInteger();
        watched.onChange(changes::incrementAndGet);
        String first = watched.health().getString("version");
        Files.writeString(file, "{\"default\": \"allow\", \"rules\": []}");
        Eventually.holds(() -> !watched.health().getString("version").equals(first));
        assertThat(watched.health().getString("file")).isEqualTo("current");
        // The listeners hear of it just after.
        Eventually.holds(() -> changes.get() == 1);
        String second = watched.health().getString("version");
        Files.writeString(file, "{\"default\": \"deny\", \"rules\": [");
        Eventually.holds(() -> watched.health().getString("file").equals("invalid"));
        assertThat(watched.health().getString("version")).isEqualTo(second);
        Files.delete(file);
        watched.reload();
        assertThat(watched.health().getString("version")).isEqualTo(second);
        assertThat(watched.health().getString("file")).isEqualTo("invalid");
        Files.writeString(file, "{\"default\": \"allow\", \"rules\": []}");
        Eventually.holds(() -> watched.health().getString("file").equals("current"));
        assertThat(watched.health().getString("version")).isEqualTo(second);
        assertThat(changes).hasValue(1);
        watched.close();
    }
}

package dev.gatehouse.authz.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.user.PasswordHasher.PasswordHashOptions;
import dev.gatehouse.fixtures.BlockedLoops;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Proves that the watch of event loops, which fails the class of a test, sees a hash that is computed on one. */
@Isolated("The block that it causes would fail a class beside it")
class BlockedLoopTest {

    private static final Argon2id SLOW = new Argon2id(new PasswordHashOptions(65_536, 2, 1, 1));

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Waiting.on(vertx.close());
    }

    @Test
    void passwordHashOnAnEventLoopIsFoundWhenItIsRepeated() {
        Eventually.holds("it is found", Duration.ofSeconds(20), () -> {
            Promise<String> done = Promise.promise();
            vertx.runOnContext(now -> done.complete(SLOW.hash("a password")));
            Waiting.on(done.future());
            return !BlockedLoops.taken("Argon2id.hash").isEmpty();
        });
    }

    @Test
    void passwordHashOnAWorkerThreadIsNone() {
        for (int i = 0; i < 3; i++) {
            Waiting.on(vertx.executeBlocking(() -> SLOW.hash("a password")));
        }
        assertThat(BlockedLoops.taken("Argon2id.hash")).isEmpty();
    }
}

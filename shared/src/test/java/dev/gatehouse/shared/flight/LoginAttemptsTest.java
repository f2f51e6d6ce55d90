package dev.gatehouse.shared.flight;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.vertx.SharedPerVertx.Lease;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** The lines and files of login attempts stay bounded, and say what they leave out. */
@Order(1)
final class LoginAttemptsTest {

    private static final String SERVER = "http://localhost:8001/mcp";
    private static final int MOST_LINES = 20;
    private static final int MOST_WAITING = 500;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private final Logger logger = (Logger) LoggerFactory.getLogger(LoginAttempts.class);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> log = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }
    };

    @TempDir
    private Path directory;

    @BeforeEach
    void readLog() {
        log.start();
        logger.setAdditive(false);
        logger.addAppender(log);
    }

    @AfterEach
    void close() {
        logger.detachAppender(log);
        logger.setAdditive(true);
        Waiting.on(vertx.close());
    }

    private Lease<LoginAttempts> acquire(String place) {
        return Waiting.on(LoginAttempts.acquire(vertx, Clock.systemUTC(), SERVER, place));
    }

    /** A token request of a client that fails. */
    private static void refuse(LoginAttempts attempts, int client) {
        attempts.observe(new Exchange("token", "POST", "http://localhost:9000/oauth/token", Map.of("content-type", List.of("application/x-www-form-urlencoded"), "user-agent",
            List.of("agent " + client)), "grant_type=authorization_code&client_id=client" + client, 400, Map.of(), "{\"error\":\"invalid_grant\"}", ""), "127.0.0.1", null, null);
    }

    private long failedLogins() {
        return lines.stream().filter(line -> line.startsWith("Login of ")).count();
    }

    @Test
    void failedLoginsHaveALineEachUpToALimitAndTheRestIsCounted() {
        Lease<LoginAttempts> attempts = acquire(null);
        for (int client = 0; client < MOST_LINES + 5; client++) {
            refuse(attempts.get(), client);
        }
        Eventually.holds("the rest is counted", LIMIT, () -> lines.contains("5 further failed requests of logins were not shown"));
        assertThat(failedLogins()).isEqualTo(MOST_LINES);
        refuse(attempts.get(), MOST_LINES + 5);
        Eventually.holds("lines are shown again", LIMIT, () -> failedLogins() == MOST_LINES + 1);
        Waiting.on(attempts.release());
    }

    @Test
    void requestsThatComeTooFastAreCounted() {
        Waiting.on(Future.<Void>future(done -> vertx.runOnContext(start -> LoginAttempts.acquire(vertx, Clock.systemUTC(), SERVER, null).onSuccess(attempts -> {
            for (int request = 0; request < MOST_WAITING + 7; request++) {
                refuse(attempts.get(), 0);
            }
            done.complete();
        }))));
        Eventually.holds("the others are counted", LIMIT, () -> lines.contains("7 requests of logins came too fast and were not recorded"));
        Eventually.holds("the failed login has its line", LIMIT, () -> failedLogins() == 1);
    }

    @Test
    void serversShareTheAttemptsOfOneDirectoryAndNoOthers() throws IOException {
        Path one = directory.resolve("one");
        Path other = directory.resolve("other");
        Lease<LoginAttempts> first = acquire(one.toString());
        Lease<LoginAttempts> second = acquire(one.toString());
        Lease<LoginAttempts> third = acquire(other.toString());
        Lease<LoginAttempts> withoutFiles = acquire(null);
        assertThat(second.get()).isSameAs(first.get());
        assertThat(third.get()).isNotSameAs(first.get());
        assertThat(withoutFiles.get()).isNotSameAs(first.get());
        refuse(first.get(), 1);
        refuse(withoutFiles.get(), 2);
        Eventually.holds("the attempt is written", LIMIT, () -> files(one) == 1);
        assertThat(files(other)).isZero();
        for (Lease<LoginAttempts> lease : List.of(first, second, third, withoutFiles)) {
            Waiting.on(lease.release());
        }
        assertThat(files(one)).isEqualTo(1);
        assertThat(files(other)).isZero();
    }

    private static long files(Path place) {
        try (Stream<Path> all = Files.list(place)) {
            return all.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

package dev.gatehouse.shared.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** Standard error whose reader stops and goes on. */
@Timeout(20)
final class LogWriterTest {

    private static final int LINES = 500;

    private final LoggerContext context = new LoggerContext();
    private final Pipe pipe = new Pipe();
    private final Logger log = context.getLogger("dev.gatehouse.test");
    private final Logger audit = context.getLogger("audit");

    /** Takes nothing before it is read. */
    private static final class Pipe extends OutputStream {

        private final CountDownLatch reader = new CountDownLatch(1);
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        @Override
        public void write(int oneByte) {
            write(new byte[] {(byte) oneByte}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            try {
                reader.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            synchronized (taken) {
                taken.write(bytes, offset, length);
            }
        }

        List<String> lines() {
            synchronized (taken) {
                return taken.toString(StandardCharsets.UTF_8).lines().toList();
            }
        }
    }

    private LogWriter writer(int logBytes, int auditBytes) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%-5level %logger - %msg%n");
        encoder.start();
        LogWriter writer = new LogWriter(pipe, encoder, logBytes, auditBytes);
        writer.setContext(context);
        writer.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.DEBUG);
        root.addAppender(writer);
        return writer;
    }

    private void record(String event) {
        audit.info("{}", new JsonObject().put("event", event));
    }

    @AfterEach
    void letTheWriterGo() {
        pipe.reader.countDown();
    }

    @Test
    void everyLineComesInItsOrderWhileThereIsRoom() {
        LogWriter writer = writer(1 << 20, 1 << 20);
        IntStream.range(0, LINES).forEach(i -> log.info("line {}", i));
        pipe.reader.countDown();
        writer.flush(10_000);
        assertThat(pipe.lines()).isEqualTo(IntStream.range(0, LINES).mapToObj(i -> "INFO  dev.gatehouse.test - line " + i).toList());
    }

    @Test
    void whoLogsDoesNotWaitForAReaderAndIsToldHowMuchWasDropped() {
        LogWriter writer = writer(1_000, 1_000);
        IntStream.range(0, LINES).forEach(i -> log.info("line {}", i));
        log.error("too late");
        pipe.reader.countDown();
        writer.flush(10_000);
        List<String> lines = pipe.lines();
        String report = lines.get(lines.size() - 1);
        long kept = lines.stream().filter(line -> line.contains("- line ")).count();
        assertThat(kept).isBetween(1L, 100L);
        assertThat(report).contains("log lines dropped", "ERROR=1", "INFO=" + (LINES - kept));
    }

    @Test
    void auditRecordsAreDroppedForWantOfRoomAloneAndCountedByEvent() {
        LogWriter writer = writer(200, 1_000);
        IntStream.range(0, LINES).forEach(i -> log.info("noise {}", i));
        record("login_failed");
        IntStream.range(0, LINES).forEach(i -> record("token_issued"));
        pipe.reader.countDown();
        writer.flush(10_000);
        List<JsonObject> records = pipe.lines().stream().filter(line -> line.contains(" audit - "))
            .map(line -> new JsonObject(line.substring(line.indexOf('{')))).toList();
        long kept = records.stream().filter(record -> record.getString("event").equals("token_issued")).count();
        assertThat(records).as("noise took no room of the audit").anyMatch(record -> record.getString("event").equals("login_failed"));
        assertThat(records.get(records.size() - 1)).isEqualTo(new JsonObject().put("event", "audit_records_dropped")
            .put("count", LINES - kept).put("dropped", new JsonObject().put("token_issued", LINES - kept)));
    }

    @Test
    void nothingIsReportedTwice() {
        LogWriter writer = writer(200, 200);
        IntStream.range(0, LINES).forEach(i -> log.info("line {}", i));
        pipe.reader.countDown();
        writer.flush(10_000);
        log.info("afterwards");
        writer.flush(10_000);
        assertThat(pipe.lines()).filteredOn(line -> line.contains("dropped")).hasSize(1);
        assertThat(pipe.lines()).last().isEqualTo("INFO  dev.gatehouse.test - afterwards");
    }

    @Test
    void whatIsPrintedPastTheLoggersWaitsForNoReaderEither() {
        LogWriter writer = writer(200, 200);
        PrintStream stream = new PrintStream(writer.stream(), true, StandardCharsets.UTF_8);
        IntStream.range(0, LINES).forEach(i -> stream.println("printed " + i));
        pipe.reader.countDown();
        writer.flush(10_000);
        assertThat(pipe.lines().get(0)).isEqualTo("printed 0");
        assertThat(pipe.lines()).last().asString().contains("other output=");
    }

    @Test
    void theEndOfTheProcessWaitsForAReaderNoLongerThanItSays() {
        LogWriter writer = writer(1_000, 1_000);
        log.info("unread");
        long begun = System.nanoTime();
        writer.flush(50);
        assertThat(System.nanoTime() - begun).isBetween(40_000_000L, 5_000_000_000L);
        assertThat(pipe.lines()).isEmpty();
    }
}

package dev.gatehouse.authz.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.audit.AuditChain.ChainedEvent;
import dev.gatehouse.authz.audit.AuditOptions.FileOptions;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.audit.AuditLog;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

class AuditFileTest {

    private final Vertx vertx = Vertx.vertx();
    private final Path file = RunningServer.temporaryDirectory().resolve("log/audit.jsonl");

    @AfterEach
    void close() {
        Waiting.on(vertx.close());
    }

    private AuditFile open(long maximumBytes, int kept) {
        return new AuditFile(vertx, file, new FileOptions(file.toString(), maximumBytes, kept));
    }

    private static List<ChainedEvent> events(long from, long to) {
        return LongStream.rangeClosed(from, to).mapToObj(seq -> new ChainedEvent(seq, AuditEvent.of(AuditLog.describe("event", "sub", "ä\n" + seq), 1000, "a"), "p", "h"))
            .toList();
    }

    private static List<Long> numbers(Path path) throws IOException {
        return Files.readAllLines(path).stream().map(line -> new JsonObject(line).getLong("seq")).toList();
    }

    @Test
    void fileContinuesAfterItsLastCompleteLine() throws IOException {
        AuditFile first = open(1_000_000, 3);
        assertThat(Waiting.on(first.position())).contains(0L);
        Waiting.on(first.deliver(events(1, 3)));
        Files.writeString(file, "{\"seq\":4,\"at", StandardOpenOption.APPEND);
        AuditFile second = open(1_000_000, 3);
        assertThat(Waiting.on(second.position())).as("the crash cut event 4").contains(3L);
        Waiting.on(second.deliver(events(4, 5)));
        assertThat(numbers(file)).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    @Test
    void fullFileIsRenamedAndOldFilesAreDeleted() throws IOException {
        AuditFile rotating = open(1_000, 2);
        Waiting.on(rotating.deliver(events(1, 60)));
        List<Long> all = new ArrayList<>(numbers(file.resolveSibling("audit.jsonl.2")));
        all.addAll(numbers(file.resolveSibling("audit.jsonl.1")));
        all.addAll(numbers(file));
        assertThat(all).isEqualTo(LongStream.rangeClosed(all.get(0), 60).boxed().toList());
        assertThat(Files.size(file.resolveSibling("audit.jsonl.1"))).isBetween(500L, 1_000L);
        assertThat(file.resolveSibling("audit.jsonl.3")).doesNotExist();
        Files.delete(file);
        assertThat(Waiting.on(open(1_000, 2).position())).as("after a crash between two files").contains(numbers(file.resolveSibling("audit.jsonl.1")).get(
            numbers(file.resolveSibling("audit.jsonl.1")).size() - 1));
    }
}

package dev.gatehouse.shared.flight;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

final class FlightFilesTest {

    private static final int MOST = 3;

    @TempDir
    private Path parent;

    private static Attempt attempt(String id, int second, int exchanges) {
        Instant now = Instant.ofEpochSecond(second);
        Attempt attempt = new Attempt(id, now);
        for (int i = 0; i < exchanges; i++) {
            Exchange exchange = new Exchange("token", "POST", "http://localhost/oauth/token", Map.of(), "x".repeat(10_000), 400, Map.of(), "{\"error\":\"invalid_grant\"}", "");
            attempt.add(exchange, Decision.of(exchange, null, null), now);
        }
        return attempt;
    }

    private List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theNewestFilesStayAndFilesOfOthersToo() throws IOException {
        Path directory = parent.resolve("records");
        FlightFiles files = new FlightFiles(directory, MOST);
        files.prepare();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory))).isEqualTo("rwx------");
        Path foreign = Files.writeString(directory.resolve("0000-notes.json"), "{}");
        for (int i = 0; i < MOST + 2; i++) {
            files.write(attempt("attempt" + i, i, 1).snapshot(), "http://localhost/mcp");
        }
        assertThat(names(directory)).hasSize(MOST + 1).contains(foreign.getFileName().toString(), "1970-01-01T00-00-04Z-client-attempt4.json")
            .doesNotContain("1970-01-01T00-00-00Z-client-attempt0.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("1970-01-01T00-00-04Z-client-attempt4.json")))).isEqualTo("rw-------");
    }

    @Test
    void aLongAttemptIsCutAndSaysSo() throws IOException {
        FlightFiles files = new FlightFiles(parent, MOST);
        files.write(attempt("longlong", 1, 500).snapshot(), "http://localhost/mcp");
        FlightRecord record = FlightRecord.read(parent.resolve(names(parent).get(0)));
        assertThat(record.exchanges().size()).isBetween(10, 200);
        assertThat(record.decisions().getString(record.decisions().size() - 1)).endsWith("further requests are left out");
    }

    @Test
    void anAttemptHasOneFileWhateverIsLearntOfItsClient() throws IOException {
        FlightFiles files = new FlightFiles(parent, MOST);
        Attempt attempt = attempt("oneonone", 1, 1);
        files.write(attempt.snapshot(), "http://localhost/mcp");
        attempt.isOf(new KnownClient.Sighting("cursor", "Cursor", "clientName Cursor"));
        files.write(attempt.snapshot(), "http://localhost/mcp");
        assertThat(names(parent)).containsExactly("1970-01-01T00-00-01Z-cursor-oneonone.json");
    }
}

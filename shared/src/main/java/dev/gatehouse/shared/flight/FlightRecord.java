package dev.gatehouse.shared.flight;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One login attempt in a file without secrets: the client by its marks, each request and answer, each decision or finding with its clause, and
 * where the attempt stopped.
 *
 * @param recordedAt the time of the record
 * @param server the URL of the MCP server
 * @param client the client by its marks; empty when no mark is known
 * @param stoppedAt the check or the step that failed first; empty when none failed
 * @param exchanges the requests and answers, without secrets
 * @param decisions the decisions of a server that recorded itself
 * @param findings the findings of an examination
 */
public record FlightRecord(Instant recordedAt, String server, Optional<KnownClient.Sighting> client, Optional<String> stoppedAt, List<Exchange> exchanges,
                           JsonArray decisions, JsonArray findings) {

    private static final String FORMAT = "gatehouse-flight-record/1";

    /** {@return the record as JSON} */
    public JsonObject toJson() {
        JsonObject json = new JsonObject().put("format", FORMAT).put("recordedAt", recordedAt.toString()).put("server", server)
            .put("client", client.map(KnownClient.Sighting::toJson).orElse(null)).put("stoppedAt", stoppedAt.orElse(null))
            .put("exchanges", new JsonArray(exchanges.stream().map(Exchange::toJson).toList()));
        if (!decisions.isEmpty()) {
            json.put("decisions", decisions);
        }
        return json.put("findings", findings);
    }

    /**
     * Writes a file that only its owner may read. A reader never sees half of it. Blocking.
     *
     * @param file the file; replaced when it exists
     * @throws UncheckedIOException when it cannot be written
     */
    public void write(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        try {
            Path part = Files.createTempFile(directory, ".flight", ".part", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.writeString(part, toJson().encodePrettily() + "\n");
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }

    /**
     * Reads a record. Blocking.
     *
     * @param file the file
     * @return the record
     * @throws IllegalArgumentException when the file is not a record
     */
    public static FlightRecord read(Path file) {
        try {
            JsonObject json = new JsonObject(Files.readString(file));
            if (!FORMAT.equals(json.getValue("format"))) {
                throw new IllegalArgumentException(file + " is not a flight record of the format " + FORMAT);
            }
            return new FlightRecord(Instant.parse(json.getString("recordedAt")), json.getString("server"), KnownClient.Sighting.of(json.getJsonObject("client")),
                Optional.ofNullable(json.getString("stoppedAt")), json.getJsonArray("exchanges").stream().map(JsonObject.class::cast).map(Exchange::of).toList(),
                json.getJsonArray("decisions", new JsonArray()), json.getJsonArray("findings", new JsonArray()));
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot read " + file, e);
        } catch (DecodeException | ClassCastException | NullPointerException | DateTimeException e) {
            throw new IllegalArgumentException(file + " is not a flight record", e);
        }
    }
}

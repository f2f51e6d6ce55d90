package dev.gatehouse.client.doctor;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** One login attempt in a file without secrets: each request and answer, each check with its outcome, and where the attempt stopped. */
final class FlightRecord {

    private static final String FORMAT = "gatehouse-flight-record/1";

    private FlightRecord() {
    }

    static JsonObject of(Evidence evidence, List<Finding> findings, Instant now) {
        Redaction redaction = Redaction.of(evidence);
        JsonArray exchanges = new JsonArray(evidence.exchanges().stream().map(redaction::redact).map(Exchange::toJson).toList());
        JsonArray outcomes = new JsonArray(findings.stream().map(finding -> finding.toJson(redaction)).toList());
        return new JsonObject().put("format", FORMAT).put("recordedAt", now.toString()).put("server", redaction.server(evidence.server()))
            .put("stoppedAt", findings.stream().filter(Finding::failed).map(finding -> finding.check().id()).findFirst().orElse(null))
            .put("exchanges", exchanges).put("findings", outcomes);
    }

    static void write(Path file, JsonObject flight) {
        try {
            Files.writeString(file, flight.encodePrettily() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The outcomes of a record by check. @throws IllegalArgumentException when the file is not a record */
    static Map<String, Outcome.Kind> outcomes(Path file) {
        try {
            JsonObject flight = new JsonObject(Files.readString(file));
            if (!FORMAT.equals(flight.getValue("format"))) {
                throw new IllegalArgumentException(file + " is not a flight record of the format " + FORMAT);
            }
            return flight.getJsonArray("findings").stream().map(JsonObject.class::cast).collect(Collectors.toMap(finding -> finding.getString("id"),
                finding -> Outcome.Kind.valueOf(finding.getString("outcome").toUpperCase(Locale.ROOT))));
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot read " + file, e);
        } catch (DecodeException | ClassCastException | NullPointerException e) {
            throw new IllegalArgumentException(file + " is not a flight record", e);
        }
    }
}

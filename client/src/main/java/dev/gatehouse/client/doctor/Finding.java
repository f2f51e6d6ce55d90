package dev.gatehouse.client.doctor;

import dev.gatehouse.shared.flight.Redaction;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.Locale;

/** A check and its outcome at one server. */
public record Finding(Check check, Outcome outcome) {

    public boolean failed() {
        return outcome.kind() == Outcome.Kind.FAILED;
    }

    JsonObject toJson(Redaction redaction) {
        JsonObject json = new JsonObject().put("id", check.id()).put("title", check.title())
            .put("outcome", outcome.kind().name().toLowerCase(Locale.ROOT));
        if (!outcome.seen().isEmpty()) {
            json.put("seen", redaction.text(outcome.seen()));
        }
        return failed() ? json.put("clause", check.clause()).put("breaks", new JsonArray(check.breaks().stream().sorted().toList()))
            .put("advice", check.advice()) : json;
    }
}

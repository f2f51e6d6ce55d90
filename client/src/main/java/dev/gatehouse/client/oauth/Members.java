package dev.gatehouse.client.oauth;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/** Members of JSON documents that others write: a member of another type than expected counts as absent. */
final class Members {

    private Members() {
    }

    static String text(JsonObject document, String name) {
        return document.getValue(name) instanceof String text && !text.isEmpty() ? text : null;
    }

    static List<String> texts(JsonObject document, String name) {
        return document.getValue(name) instanceof JsonArray array
            ? array.stream().filter(String.class::isInstance).map(String.class::cast).toList() : List.of();
    }

    static long number(JsonObject document, String name, long otherwise) {
        Object value = document.getValue(name);
        if (value instanceof String text && text.matches("\\d{1,12}")) {
            // Some servers write expires_in as a text.
            return Long.parseLong(text);
        }
        return value instanceof Number number && number.longValue() >= 0 ? number.longValue() : otherwise;
    }
}

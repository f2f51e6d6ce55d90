package dev.gatehouse.client.http;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

import java.util.Locale;
import java.util.Optional;

/** An HTTP response with its whole body. Any status is an answer; redirects are not followed. */
public record HttpAnswer(int status, MultiMap headers, Buffer body) {

    /** The media type of a Content-Type header without parameters, in lower case; empty when there is none. */
    public static String mediaType(MultiMap headers) {
        String type = headers.get("Content-Type");
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** The body as a JSON object, of any media type; empty when it is not one. */
    public Optional<JsonObject> json() {
        try {
            return Optional.of(new JsonObject(body));
        } catch (DecodeException | ClassCastException e) {
            return Optional.empty();
        }
    }
}

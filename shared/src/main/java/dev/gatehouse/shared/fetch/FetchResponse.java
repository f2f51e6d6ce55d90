package dev.gatehouse.shared.fetch;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

import java.util.Locale;

/**
 * What a server answered, to be judged by the caller: any status is an answer, redirects too.
 *
 * @param headers names in any case
 * @param body the whole body of a 200; empty for any other status, whose body is not read
 */
public record FetchResponse(int status, MultiMap headers, Buffer body) {

    /** The media type without its parameters, in lower case; empty when none was sent. */
    public String mediaType() {
        String type = headers.get("Content-Type");
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** Whether the body is said to be JSON: {@code application/json}, or a type of its own that ends in {@code +json}. */
    public boolean isJson() {
        return mediaType().equals("application/json") || mediaType().matches("application/[a-z0-9!#$&^_.-]+\\+json");
    }
}

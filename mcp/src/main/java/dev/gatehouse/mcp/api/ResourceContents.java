package dev.gatehouse.mcp.api;

import io.vertx.core.buffer.Buffer;

import java.util.Objects;

/**
 * What a resource holds, with the URI it was read by.
 *
 * @param text what it holds if that is text, else null
 * @param blob what it holds if that is not text, else null
 */
public record ResourceContents(String uri, String mimeType, String text, Buffer blob) {

    public ResourceContents {
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(mimeType, "mimeType");
        if ((text == null) == (blob == null)) {
            throw new IllegalArgumentException("A resource holds either text or a blob");
        }
    }

    public ResourceContents(String uri, String mimeType, String text) {
        this(uri, mimeType, text, null);
    }

    public ResourceContents(String uri, String mimeType, Buffer blob) {
        this(uri, mimeType, null, blob);
    }
}

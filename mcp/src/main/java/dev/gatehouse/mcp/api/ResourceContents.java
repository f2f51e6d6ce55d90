package dev.gatehouse.mcp.api;

import io.vertx.core.buffer.Buffer;

import java.util.Objects;

/**
 * The contents of a resource, with the URI that was read.
 *
 * @param text null for binary contents
 * @param blob null for text
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

package dev.gatehouse.mcp.api;

import io.vertx.core.buffer.Buffer;

import java.util.Objects;

/**
 * The contents of a resource, with the URI that was read.
 *
 * @param uri the URI that was read
 * @param mimeType the media type
 * @param text null for binary contents
 * @param blob null for text
 */
public record ResourceContents(String uri, String mimeType, String text, Buffer blob) {

    /**
     * Checks the components.
     *
     * @param uri the URI that was read
     * @param mimeType the media type
     * @param text null for binary contents
     * @param blob null for text
     */
    public ResourceContents {
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(mimeType, "mimeType");
        if ((text == null) == (blob == null)) {
            throw new IllegalArgumentException("A resource holds either text or a blob");
        }
    }

    /**
     * Creates text contents.
     *
     * @param uri the URI that was read
     * @param mimeType the media type
     * @param text the text
     */
    public ResourceContents(String uri, String mimeType, String text) {
        this(uri, mimeType, text, null);
    }

    /**
     * Creates binary contents.
     *
     * @param uri the URI that was read
     * @param mimeType the media type
     * @param blob the bytes
     */
    public ResourceContents(String uri, String mimeType, Buffer blob) {
        this(uri, mimeType, null, blob);
    }
}

package dev.gatehouse.resource.tool;

import java.util.Objects;

/** The text of a resource, with the URI it was read by. */
public record ResourceContents(String uri, String mimeType, String text) {

    public ResourceContents {
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(mimeType, "mimeType");
        Objects.requireNonNull(text, "text");
    }
}

package dev.gatehouse.mcp.api;

import io.vertx.core.buffer.Buffer;

import java.util.Objects;

/** A part of what a tool answers or a prompt says (MCP, content blocks). */
public sealed interface Content {

    /** Text for the model. */
    record Text(String text) implements Content {

        public Text {
            Objects.requireNonNull(text, "text");
        }
    }

    /** An image, of a media type such as {@code image/png}. */
    record Image(Buffer data, String mimeType) implements Content {

        public Image {
            Objects.requireNonNull(data, "data");
            Objects.requireNonNull(mimeType, "mimeType");
        }
    }

    /** A sound, of a media type such as {@code audio/wav}. */
    record Audio(Buffer data, String mimeType) implements Content {

        public Audio {
            Objects.requireNonNull(data, "data");
            Objects.requireNonNull(mimeType, "mimeType");
        }
    }

    /** A resource with its contents. */
    record Embedded(ResourceContents resource) implements Content {

        public Embedded {
            Objects.requireNonNull(resource, "resource");
        }
    }

    /** A resource to be read by those who want it. It need not be in {@code resources/list}. */
    record Link(ResourceDefinition resource) implements Content {

        public Link {
            Objects.requireNonNull(resource, "resource");
        }
    }
}

package dev.gatehouse.mcp.api;

import io.vertx.core.buffer.Buffer;

import java.util.Objects;

/** A part of what a tool answers or a prompt says (MCP, content blocks). */
public sealed interface Content {

    /**
     * Text for the model.
     *
     * @param text the text
     */
    record Text(String text) implements Content {

        /**
         * Checks the components.
         *
         * @param text the text
         */
        public Text {
            Objects.requireNonNull(text, "text");
        }
    }

    /**
     * An image, of a media type such as {@code image/png}.
     *
     * @param data the bytes
     * @param mimeType the media type
     */
    record Image(Buffer data, String mimeType) implements Content {

        /**
         * Checks the components.
         *
         * @param data the bytes
         * @param mimeType the media type
         */
        public Image {
            Objects.requireNonNull(data, "data");
            Objects.requireNonNull(mimeType, "mimeType");
        }
    }

    /**
     * A sound, of a media type such as {@code audio/wav}.
     *
     * @param data the bytes
     * @param mimeType the media type
     */
    record Audio(Buffer data, String mimeType) implements Content {

        /**
         * Checks the components.
         *
         * @param data the bytes
         * @param mimeType the media type
         */
        public Audio {
            Objects.requireNonNull(data, "data");
            Objects.requireNonNull(mimeType, "mimeType");
        }
    }

    /**
     * A resource with its contents.
     *
     * @param resource the contents, with the URI
     */
    record Embedded(ResourceContents resource) implements Content {

        /**
         * Checks the components.
         *
         * @param resource the contents, with the URI
         */
        public Embedded {
            Objects.requireNonNull(resource, "resource");
        }
    }

    /**
     * A resource that the client may read. It need not be in {@code resources/list}.
     *
     * @param resource the description
     */
    record Link(ResourceDefinition resource) implements Content {

        /**
         * Checks the components.
         *
         * @param resource the description
         */
        public Link {
            Objects.requireNonNull(resource, "resource");
        }
    }
}

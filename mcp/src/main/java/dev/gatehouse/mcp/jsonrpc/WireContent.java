package dev.gatehouse.mcp.jsonrpc;

import dev.gatehouse.mcp.api.Content;
import dev.gatehouse.mcp.api.ResourceContents;
import dev.gatehouse.mcp.api.ResourceDefinition;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.AudioContent;
import io.modelcontextprotocol.spec.McpSchema.BlobResourceContents;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.ResourceLink;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.vertx.core.buffer.Buffer;

import java.util.Base64;
import java.util.List;

/** Contents as messages carry them. */
public final class WireContent {

    private WireContent() {
    }

    /** Converts the content of a result, in the same order. */
    public static List<McpSchema.Content> of(List<Content> parts) {
        return parts.size() == 1 ? List.of(of(parts.get(0))) : parts.stream().map(WireContent::of).toList();
    }

    /** Converts one part of the content. */
    public static McpSchema.Content of(Content part) {
        if (part instanceof Content.Text text) {
            return new TextContent(null, text.text(), null);
        }
        if (part instanceof Content.Image image) {
            return new ImageContent(null, base64(image.data()), image.mimeType(), null);
        }
        if (part instanceof Content.Audio audio) {
            return new AudioContent(null, base64(audio.data()), audio.mimeType(), null);
        }
        if (part instanceof Content.Embedded embedded) {
            return new EmbeddedResource(null, of(embedded.resource()), null);
        }
        ResourceDefinition resource = ((Content.Link) part).resource();
        return new ResourceLink(resource.name(), resource.title(), resource.uri(), resource.description(), resource.mimeType(),
            null, null, null);
    }

    /** Converts the contents of a resource. Binary contents become base64. */
    public static McpSchema.ResourceContents of(ResourceContents contents) {
        return contents.text() == null
            ? new BlobResourceContents(contents.uri(), contents.mimeType(), base64(contents.blob()), null)
            : new TextResourceContents(contents.uri(), contents.mimeType(), contents.text(), null);
    }

    private static String base64(Buffer bytes) {
        return Base64.getEncoder().encodeToString(bytes.getBytes());
    }
}

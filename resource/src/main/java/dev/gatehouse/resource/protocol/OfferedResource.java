package dev.gatehouse.resource.protocol;

import dev.gatehouse.resource.tool.McpResource;
import dev.gatehouse.resource.tool.ResourceDefinition;
import io.modelcontextprotocol.spec.McpSchema;

import java.util.Set;

/** A resource or template in the catalogue, with what does not change from read to read. */
public final class OfferedResource {

    private final McpResource resource;
    private final ResourceDefinition definition;
    private final Set<String> scopes;

    OfferedResource(McpResource resource) {
        this.resource = resource;
        this.definition = resource.definition();
        this.scopes = Set.copyOf(resource.scopes());
    }

    McpResource resource() {
        return resource;
    }

    public ResourceDefinition definition() {
        return definition;
    }

    public Set<String> scopes() {
        return scopes;
    }

    /** A resource as {@code resources/list} tells of it. */
    static McpSchema.Resource describe(ResourceDefinition definition) {
        return McpSchema.Resource.builder(definition.uri(), definition.name())
            .title(definition.title()).description(definition.description()).mimeType(definition.mimeType()).build();
    }

    /** As {@code resources/templates/list} tells of it. */
    McpSchema.ResourceTemplate template() {
        return McpSchema.ResourceTemplate.builder(definition.uri(), definition.name())
            .title(definition.title()).description(definition.description()).mimeType(definition.mimeType()).build();
    }
}

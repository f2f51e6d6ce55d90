package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.McpResource;
import dev.gatehouse.mcp.api.ResourceDefinition;
import io.modelcontextprotocol.spec.McpSchema;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A resource or template in the catalogue, with what does not change from read to read. */
public final class OfferedResource {

    private final McpResource resource;
    private final ResourceDefinition definition;
    private final Set<String> scopes;
    /** Null for a resource that is no template. */
    private final UriTemplate template;

    OfferedResource(McpResource resource) {
        this.resource = resource;
        this.definition = resource.definition();
        this.scopes = Set.copyOf(resource.scopes());
        this.template = definition.isTemplate() ? new UriTemplate(definition.uri()) : null;
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

    /** What the template's variables are in a URI; empty if it does not match, or there is no template. */
    Optional<Map<String, String>> variables(String uri) {
        return template == null ? Optional.empty() : template.match(uri);
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

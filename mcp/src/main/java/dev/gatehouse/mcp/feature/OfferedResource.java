package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.McpResource;
import dev.gatehouse.mcp.api.ResourceDefinition;
import io.modelcontextprotocol.spec.McpSchema;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A resource or template in the registry, with the values that are the same for each read. */
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

    /** {@return the description} */
    public ResourceDefinition definition() {
        return definition;
    }

    /** {@return the scopes that a read needs} */
    public Set<String> scopes() {
        return scopes;
    }

    /** The values of the template's variables in a URI; empty if it does not match, or if this is no template. */
    Optional<Map<String, String>> variables(String uri) {
        return template == null ? Optional.empty() : template.match(uri);
    }

    /** The description of a resource in {@code resources/list}. */
    static McpSchema.Resource describe(ResourceDefinition definition) {
        return McpSchema.Resource.builder(definition.uri(), definition.name())
            .title(definition.title()).description(definition.description()).mimeType(definition.mimeType()).build();
    }

    /** The description in {@code resources/templates/list}. */
    McpSchema.ResourceTemplate template() {
        return McpSchema.ResourceTemplate.builder(definition.uri(), definition.name())
            .title(definition.title()).description(definition.description()).mimeType(definition.mimeType()).build();
    }
}

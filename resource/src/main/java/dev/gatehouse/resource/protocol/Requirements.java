package dev.gatehouse.resource.protocol;

import dev.gatehouse.resource.tool.McpResource;
import dev.gatehouse.resource.tool.Tool;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.ResourceReference;
import io.modelcontextprotocol.util.DefaultMcpUriTemplateManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which scopes a request needs, by what the tools and resources declare. */
final class Requirements {

    private final Map<String, Set<String>> tools = new HashMap<>();
    private final List<McpResource> resources;

    Requirements(McpFeatures features) {
        features.tools().forEach(tool -> tools.put(tool.definition().name(), Set.copyOf(tool.scopes())));
        resources = features.resources();
    }

    /** The scopes, none for a request that any caller may make. Throws {@link BadMessage} for a tool that does not exist. */
    Set<String> of(JSONRPCRequest request) {
        if (request.params() instanceof CallToolRequest call) {
            return ofTool(request.id(), call.name());
        }
        if (request.params() instanceof ReadResourceRequest read) {
            return ofResource(read.uri());
        }
        if (request.params() instanceof CompleteRequest completion && completion.ref() instanceof ResourceReference reference) {
            return ofResource(reference.uri());
        }
        return Set.of();
    }

    private Set<String> ofTool(Object id, String name) {
        Set<String> scopes = tools.get(name);
        if (scopes == null) {
            throw new BadMessage(JsonRpcErrors.INVALID_PARAMS, id, "Unknown tool: " + abbreviate(name));
        }
        return scopes;
    }

    private static String abbreviate(String name) {
        return name.length() <= 64 ? name : name.substring(0, 64) + "…";
    }

    /** The same matching as the SDK's when it looks for the resource to read. */
    private Set<String> ofResource(String uri) {
        return resources.stream()
            .filter(resource -> new DefaultMcpUriTemplateManager(resource.definition().uri()).matches(uri))
            .findFirst().map(McpResource::scopes).orElse(Set.of());
    }
}

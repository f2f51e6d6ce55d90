package dev.gatehouse.resource.profile;

import dev.gatehouse.mcp.api.McpResource;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.api.ResourceContents;
import dev.gatehouse.mcp.api.ResourceDefinition;
import dev.gatehouse.mcp.api.ResourceNotFound;
import dev.gatehouse.mcp.api.ResourceRead;
import io.vertx.core.Future;

import java.util.Set;

/** {@code user://profile}. */
public final class ProfileResource implements McpResource {

    private static final ResourceDefinition DEFINITION = new ResourceDefinition("user://profile", "profile", "User profile",
        "The authenticated user's complete profile and preferences.", "application/json");

    @Override
    public ResourceDefinition definition() {
        return DEFINITION;
    }

    @Override
    public Set<String> scopes() {
        return Set.of("mcp:read");
    }

    @Override
    public Future<ResourceContents> read(ResourceRead read) {
        return read.caller() instanceof Principal principal
            ? Future.succeededFuture(new ResourceContents(read.uri(), DEFINITION.mimeType(), UserProfile.complete(principal).encode()))
            : Future.failedFuture(new ResourceNotFound(read.uri()));
    }
}

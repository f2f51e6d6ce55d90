package dev.gatehouse.resource.profile;

import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.Set;

/** {@code get_user_profile}. */
public final class UserProfileTool implements Tool {

    private static final ToolDefinition DEFINITION = new ToolDefinition("get_user_profile", "Get user profile",
        "Show who the authenticated user is: id, name, email address, and the permissions of the client.",
        Schemas.NO_ARGUMENTS,
        Schemas.of("""
            {"type": "object", "required": ["user_id", "sub", "name", "permissions"], "properties": {
              "user_id": {"type": "string", "description": "The name to sign in with"},
              "sub": {"type": "string", "description": "The user's lasting identifier at the authorization server"},
              "email": {"type": "string"},
              "name": {"type": "string"},
              "created_at": {"type": "string", "description": "RFC 3339"},
              "last_login": {"type": "string", "description": "RFC 3339"},
              "permissions": {"type": "array", "items": {"type": "string"}, "description": "Scopes granted"}}}"""),
        ToolHints.reads());

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public Set<String> scopes() {
        return Set.of("mcp:read");
    }

    @Override
    public Future<ToolResult> call(ToolCall call) {
        JsonObject profile = UserProfile.of(call.principal());
        return Future.succeededFuture(ToolResult.of(profile.encode(), profile.getMap()));
    }
}

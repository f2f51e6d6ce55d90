package dev.gatehouse.resource;

import dev.gatehouse.mcp.api.CallPolicy;
import dev.gatehouse.mcp.api.McpResource;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.api.ResourceContents;
import dev.gatehouse.mcp.api.ResourceDefinition;
import dev.gatehouse.mcp.api.ResourceNotFound;
import dev.gatehouse.mcp.api.ResourceRead;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.feature.McpFeatures;
import dev.gatehouse.resource.note.CreateNoteTool;
import dev.gatehouse.resource.note.DeleteNoteTool;
import dev.gatehouse.resource.note.GetNoteTool;
import dev.gatehouse.resource.note.ListNotesTool;
import dev.gatehouse.resource.note.NoteSearch;
import dev.gatehouse.resource.note.NoteStore;
import dev.gatehouse.resource.note.NotesResource;
import dev.gatehouse.resource.note.SearchNotesTool;
import dev.gatehouse.resource.note.UpdateNoteTool;
import dev.gatehouse.resource.profile.UserProfile;
import dev.gatehouse.resource.profile.UserProfileTool;
import dev.gatehouse.resource.usage.ApiUsageTool;
import dev.gatehouse.resource.usage.UsageMeter;
import dev.gatehouse.shared.cli.Version;
import io.vertx.core.Future;

import java.util.List;
import java.util.Set;

/** The tools and resources of the server for all transports. A new one needs one line here. */
public final class ResourceFeatures {

    /** The machine name of the server. */
    public static final String NAME = "gatehouse";
    static final String TITLE = "Gatehouse MCP server";
    private static final String INSTRUCTIONS = "Tools and resources of the signed-in user: profile, encrypted notes, and usage of this server."
        + " Read a note whole with get_secure_note, or as the resource at its uri.";

    private ResourceFeatures() {
    }

    static McpFeatures of(ResourceData data, CallPolicy policy) {
        return new McpFeatures(NAME, TITLE, Version.current(), INSTRUCTIONS, tools(data.notes(), data.noteSearch(), data.usage()), resources(data), List.of(), data.usage(), policy);
    }

    /** {@return the descriptions of the tools} A description needs no data. */
    public static List<ToolDefinition> definitions() {
        return tools(null, null, null).stream().map(Tool::definition).toList();
    }

    private static List<Tool> tools(NoteStore notes, NoteSearch search, UsageMeter usage) {
        return List.of(
            new UserProfileTool(),
            new CreateNoteTool(notes),
            new ListNotesTool(notes),
            new SearchNotesTool(search),
            new GetNoteTool(notes),
            new UpdateNoteTool(notes),
            new DeleteNoteTool(notes),
            new ApiUsageTool(usage));
    }

    private static List<McpResource> resources(ResourceData data) {
        return List.of(
            new ProfileResource(),
            new NotesResource(data.notes()));
    }

    /** {@code user://profile}. */
    public static final class ProfileResource implements McpResource {

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
}

package dev.gatehouse.resource;

import dev.gatehouse.mcp.api.McpResource;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.feature.McpFeatures;
import dev.gatehouse.resource.note.CreateNoteTool;
import dev.gatehouse.resource.note.DeleteNoteTool;
import dev.gatehouse.resource.note.GetNoteTool;
import dev.gatehouse.resource.note.ListNotesTool;
import dev.gatehouse.resource.note.NotesResource;
import dev.gatehouse.resource.note.SearchNotesTool;
import dev.gatehouse.resource.note.UpdateNoteTool;
import dev.gatehouse.resource.profile.ProfileResource;
import dev.gatehouse.resource.profile.UserProfileTool;
import dev.gatehouse.resource.usage.ApiUsageTool;
import dev.gatehouse.shared.cli.Version;

import java.util.List;

/** What the server offers, over every transport: a new tool or resource is a line here. */
final class ResourceFeatures {

    static final String TITLE = "Gatehouse MCP server";
    private static final String INSTRUCTIONS = "Tools and resources of the signed-in user: profile, encrypted notes, and usage of this server."
        + " Read a note whole with get_secure_note, or as the resource at its uri.";

    private ResourceFeatures() {
    }

    static McpFeatures of(ResourceData data) {
        return new McpFeatures("gatehouse", TITLE, Version.current(), INSTRUCTIONS, tools(data), resources(data), List.of(), data.usage());
    }

    private static List<Tool> tools(ResourceData data) {
        return List.of(
            new UserProfileTool(),
            new CreateNoteTool(data.notes()),
            new ListNotesTool(data.notes()),
            new SearchNotesTool(data.noteSearch()),
            new GetNoteTool(data.notes()),
            new UpdateNoteTool(data.notes()),
            new DeleteNoteTool(data.notes()),
            new ApiUsageTool(data.usage()));
    }

    private static List<McpResource> resources(ResourceData data) {
        return List.of(
            new ProfileResource(),
            new NotesResource(data.notes()));
    }
}

package dev.gatehouse.resource.cli;

import dev.gatehouse.shared.cli.CommandProvider;

import java.util.List;

/** What the MCP server adds to the command line. */
public final class ResourceCommands implements CommandProvider {

    @Override
    public List<Object> commands() {
        return List.of(new McpCommand());
    }
}

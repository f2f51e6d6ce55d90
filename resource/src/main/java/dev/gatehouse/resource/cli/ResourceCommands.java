package dev.gatehouse.resource.cli;

import dev.gatehouse.shared.cli.CommandProvider;

import java.util.List;

/** The commands of the MCP server. */
public final class ResourceCommands implements CommandProvider {

    @Override
    public List<Object> commands() {
        return List.of(new McpCommand(), new PolicyCommand());
    }
}

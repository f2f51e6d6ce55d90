package dev.gatehouse.resource.cli;

import dev.gatehouse.shared.cli.CommandProvider;
import dev.gatehouse.shared.cli.ServerCommand;

import java.util.List;

/** The commands of the MCP server. */
public final class ResourceCommands implements CommandProvider {

    @Override
    public List<Object> commands() {
        return List.of(new McpCommand(), new PolicyCommand());
    }

    @Override
    public ServerCommand server() {
        return new McpCommand();
    }
}

package dev.gatehouse.client.login;

import dev.gatehouse.client.config.ServerEntry;
import dev.gatehouse.client.config.ServerEntry.TransportKind;
import dev.gatehouse.client.connect.TargetOptions;
import dev.gatehouse.shared.config.StartupException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.List;

/** The server that a command signs in to. */
final class LoginTarget {

    private static final String DEFAULT = "http://localhost:8001/mcp";

    @Parameters(paramLabel = "URL|NAME", arity = "0..1",
        description = "The URL of an MCP server, or a server of mcp_config.json (default: the only one there, else " + DEFAULT + ").")
    private String target;

    @Mixin
    private TargetOptions options;

    TargetOptions options() {
        return options;
    }

    boolean isNamed() {
        return target != null;
    }

    /** @throws StartupException when there is no such server, or none that takes part in authorization */
    ServerEntry server() {
        ServerEntry server = target == null ? onlyServer() : options.server(target, TransportKind.HTTP);
        if (server.auth() == null) {
            throw new StartupException("The configuration of " + server.name() + " leaves authorization out: remove its Authorization header or"
                + " \"type\": \"none\", or, for a server over stdio, name its authorization server under \"auth\".");
        }
        return server;
    }

    private ServerEntry onlyServer() {
        List<ServerEntry> servers = options.config().servers().stream().filter(server -> server.auth() != null).toList();
        if (servers.size() > 1) {
            throw new StartupException("Several servers are configured. Name one: "
                + String.join(", ", servers.stream().map(ServerEntry::name).toList()) + ".");
        }
        return servers.isEmpty() ? options.server(DEFAULT, TransportKind.HTTP) : servers.get(0);
    }
}

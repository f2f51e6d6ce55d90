package dev.gatehouse.client.connect;

import dev.gatehouse.client.config.McpConfig;
import dev.gatehouse.client.config.ServerEntry;
import dev.gatehouse.client.config.TransportKind;
import dev.gatehouse.client.http.CallException;
import dev.gatehouse.client.http.SecureUrl;
import dev.gatehouse.shared.config.StartupException;
import picocli.CommandLine.Option;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The options of every command that connects to servers. */
public final class ConnectionOptions {

    @Option(names = "--config", paramLabel = "FILE",
        description = "File of servers (default: mcp_config.json of the working directory, else of the data home).")
    private Path config;

    @Option(names = "--transport", paramLabel = "sse|http", description = "Transport for a URL (default: http, else sse if the server has only that).")
    private String transport;

    @Option(names = "--protocol-version", paramLabel = "REVISION", description = "The only revision of MCP to speak, such as 2025-11-25.")
    private String version;

    @Option(names = "--no-browser", description = "Show the address to sign in at; open no browser.")
    private boolean noBrowser;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "60",
        description = "Longest wait for an answer without a sign of progress (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(names = "--log-level", paramLabel = "LEVEL", defaultValue = "info",
        description = "Least severity of the server's log messages to show: debug to emergency, or off (default: ${DEFAULT-VALUE}).")
    private String logLevel;

    /** The servers of the configuration. */
    public McpConfig config() {
        return McpConfig.load(config, Path.of("").toAbsolutePath(), System.getenv());
    }

    /** The server of this name, else at this URL. @throws StartupException when it is neither */
    public ServerEntry server(String target) {
        McpConfig known = config();
        ServerEntry server = known.server(target).orElseGet(() -> ofUrl(target, known));
        return version == null ? server : server.withVersion(version);
    }

    private ServerEntry ofUrl(String target, McpConfig known) {
        try {
            URI url = SecureUrl.parse(target, "The server");
            ServerEntry server = ServerEntry.of(url);
            return "sse".equals(transport) ? new ServerEntry(server.name(), TransportKind.SSE, List.of(), Map.of(), url, Map.of(), null, server.auth())
                : server;
        } catch (CallException e) {
            throw new StartupException(target + " is neither the name of a configured server nor a URL. "
                + (known.servers().isEmpty() ? "No server is configured: name a file with --config." : "Configured are: "
                    + known.servers().stream().map(ServerEntry::name).collect(Collectors.joining(", ")) + "."), e);
        }
    }

    boolean opensBrowser() {
        return !noBrowser;
    }

    long timeoutMillis() {
        return timeoutSeconds * 1_000L;
    }

    String logLevel() {
        return logLevel.equals("off") ? null : logLevel;
    }
}

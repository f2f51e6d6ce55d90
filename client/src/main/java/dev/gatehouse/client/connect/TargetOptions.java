package dev.gatehouse.client.connect;

import dev.gatehouse.client.config.McpConfig;
import dev.gatehouse.client.config.ServerEntry;
import dev.gatehouse.client.config.ServerEntry.TransportKind;
import dev.gatehouse.client.http.CallException;
import dev.gatehouse.client.http.SecureUrl;
import dev.gatehouse.shared.config.StartupException;
import picocli.CommandLine.Option;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The options by which commands find a server and its user. */
public final class TargetOptions {

    @Option(names = "--config", paramLabel = "FILE",
        description = "File of servers (default: mcp_config.json of the working directory, else of the data home).")
    private Path config;

    @Option(names = "--no-browser", description = "Show the address to sign in at; open no browser.")
    private boolean noBrowser;

    /** The servers of the configuration. */
    public McpConfig config() {
        return McpConfig.load(config, Path.of("").toAbsolutePath(), System.getenv());
    }

    /**
     * The server of this name, else at this URL.
     *
     * @param transport of a URL
     * @throws StartupException when it is neither
     */
    public ServerEntry server(String target, TransportKind transport) {
        McpConfig known = config();
        return known.server(target).orElseGet(() -> ofUrl(target, transport, known));
    }

    private static ServerEntry ofUrl(String target, TransportKind transport, McpConfig known) {
        try {
            URI url = SecureUrl.parse(target, "The server");
            return new ServerEntry(target, transport, List.of(), Map.of(), url, Map.of(), null, ServerEntry.of(url).auth());
        } catch (CallException e) {
            throw new StartupException(target + " is neither the name of a configured server nor a URL. "
                + (known.servers().isEmpty() ? "No server is configured: name a file with --config." : "Configured are: "
                    + known.servers().stream().map(ServerEntry::name).collect(Collectors.joining(", ")) + "."), e);
        }
    }

    public boolean opensBrowser() {
        return !noBrowser;
    }
}

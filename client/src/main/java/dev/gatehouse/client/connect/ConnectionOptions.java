package dev.gatehouse.client.connect;

import dev.gatehouse.client.config.McpConfig;
import dev.gatehouse.client.config.ServerEntry;
import dev.gatehouse.client.config.ServerEntry.TransportKind;
import dev.gatehouse.shared.config.StartupException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that connects to servers. */
public final class ConnectionOptions {

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Mixin
    private HeaderOptions headers = new HeaderOptions();

    @Option(names = "--transport", paramLabel = "sse|http", description = "Transport for a URL (default: http, else sse if the server has only that).")
    private String transport;

    @Option(names = "--protocol-version", paramLabel = "REVISION", description = "The only revision of MCP to speak, such as 2025-11-25.")
    private String version;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "60",
        description = "Longest wait for an answer without a sign of progress (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(names = "--log-level", paramLabel = "LEVEL", defaultValue = "info",
        description = "Least severity of the server's log messages to show: debug to emergency, or off (default: ${DEFAULT-VALUE}).")
    private String logLevel;

    /** The servers of the configuration. */
    public McpConfig config() {
        return target.config();
    }

    /** The server of this name, else at this URL. @throws StartupException when it is neither */
    public ServerEntry server(String name) {
        ServerEntry server = target.server(name, "sse".equals(transport) ? TransportKind.SSE : TransportKind.HTTP);
        return headers.addTo(version == null ? server : server.withVersion(version));
    }

    /** Those of a command that sends no messages of MCP. */
    public static ConnectionOptions of(TargetOptions target) {
        ConnectionOptions options = new ConnectionOptions();
        options.target = target;
        return options;
    }

    boolean opensBrowser() {
        return target.opensBrowser();
    }

    long timeoutMillis() {
        return timeoutSeconds * 1_000L;
    }

    String logLevel() {
        return logLevel.equals("off") ? null : logLevel;
    }
}

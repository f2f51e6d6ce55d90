package dev.gatehouse.resource.cli;

import dev.gatehouse.shared.cli.Logging;
import dev.gatehouse.shared.cli.PlainOptions;
import dev.gatehouse.shared.cli.PortNumber;
import dev.gatehouse.shared.cli.ServerCommand;
import dev.gatehouse.shared.cli.Servers;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;

/** Starts only the MCP server. */
@Command(name = "mcp", mixinStandardHelpOptions = true,
    description = "Start the OAuth-protected MCP server.",
    footer = {"", "Over stdio the access token comes from the environment variable MCP_ACCESS_TOKEN,", "else from the login that 'gatehouse login' has stored.",
        "sse and http both serve /mcp, /sse and /messages on the port."})
final class McpCommand implements Callable<Integer>, ServerCommand {

    /** The transports. */
    enum Transport { STDIO, SSE, HTTP;
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(names = "--transport", defaultValue = "stdio", converter = TransportName.class,
        description = "stdio, sse or http (default: ${DEFAULT-VALUE}).")
    private Transport transport;

    @Option(names = "--host", description = "Name or address to listen on (default: localhost).")
    private String host;

    @Option(names = "--port", converter = PortNumber.class, description = "Port to listen on (default: 8001).")
    private Integer port;

    @Option(names = "--auth-server", paramLabel = "URL", description = "Issuer of the tokens (default: http://localhost:9000).")
    private String authServer;

    @Option(names = "--resource", paramLabel = "URL",
        description = "Resource identifier that the audience of a token must contain, for all transports (default: http://HOST:PORT/mcp).")
    private String resource;

    @Option(names = {"-conf", "--conf"}, paramLabel = "FILE", description = "Configuration file; conf/resource.json is an example.")
    private Path configuration;

    @Option(names = "--debug", description = "Write debug messages to the log.")
    private boolean debug;

    @Override
    public Set<String> valued() {
        return McpArguments.VALUED;
    }

    @Override
    public void serve(PlainOptions options) {
        String named = options.text("--transport", "");
        options.require(named.equals("http") || named.equals("sse"), "Only a transport over HTTP starts here.");
        serve(McpArguments.of(options));
    }

    @Override
    public Integer call() {
        McpArguments arguments = new McpArguments(host, port, authServer, resource, configuration, debug);
        if (transport == Transport.STDIO) {
            return StdioMain.run(arguments);
        }
        serve(arguments);
        return 0;
    }

    private static void serve(McpArguments arguments) {
        if (arguments.debug()) {
            Logging.debug();
        }
        JsonObject json = arguments.configuration(System.getenv());
        Servers.create("gatehouse-mcp", json).deploy("dev.gatehouse.resource.ResourceVerticle", json).await();
    }

    /** Parses the name of a transport. */
    private static final class TransportName implements ITypeConverter<Transport> {

        @Override
        public Transport convert(String name) {
            return Arrays.stream(Transport.values()).filter(transport -> transport.toString().equals(name)).findFirst()
                .orElseThrow(() -> new TypeConversionException("there is no transport " + name + ". Use stdio, sse or http."));
        }
    }
}

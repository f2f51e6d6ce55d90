package dev.gatehouse.shared.cli;

import dev.gatehouse.shared.cli.Gatehouse.VisibleWriter;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.oauth.Loopback;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Both servers in one process, in the demo profile. */
@Command(name = "up", mixinStandardHelpOptions = true,
    description = "Start the authorization server and the MCP server in the demo profile, for this machine only.")
final class UpCommand implements Runnable, ServerCommand {

    private static final int PORT = 9000;
    private static final int MCP_PORT = 8001;

    @Option(names = "--host",
        description = "Loopback name or address to listen on (default: ${DEFAULT-VALUE}).")
    private String host = "localhost";

    @Option(names = "--port", converter = PortNumber.class,
        description = "Port of the authorization server (default: ${DEFAULT-VALUE}).")
    private int port = PORT;

    @Option(names = "--mcp-port", converter = PortNumber.class,
        description = "Port of the MCP server (default: ${DEFAULT-VALUE}).")
    private int mcpPort = MCP_PORT;

    @Option(names = "--metrics-port", converter = PortNumber.class, description = "Port of the metrics of both servers, on this machine (default: none).")
    private Integer metricsPort;

    @Option(names = "--record", paramLabel = "DIR", description = "Write each login attempt to a file in this directory, without secrets, for gatehouse replay.")
    private Path record;

    @Option(names = "--debug", description = "Write debug messages to the log.")
    private boolean debug;

    @Spec
    private CommandSpec spec;

    @Override
    public Set<String> valued() {
        return Set.of("--host", "--port", "--mcp-port", "--metrics-port", "--record");
    }

    @Override
    public void serve(PlainOptions options) {
        host = options.text("--host", host);
        port = Optional.ofNullable(options.port("--port")).orElse(PORT);
        mcpPort = Optional.ofNullable(options.port("--mcp-port")).orElse(MCP_PORT);
        metricsPort = options.port("--metrics-port");
        record = options.path("--record");
        debug = options.isDebug();
        options.require(port != mcpPort, "--port and --mcp-port are both " + port + ".");
        serve(VisibleWriter.over(new PrintWriter(System.out)));
    }

    @Override
    public void run() {
        if (port == mcpPort) {
            throw Gatehouse.misuse(spec, "--port and --mcp-port are both " + port + ": each server needs its own port.");
        }
        serve(spec.commandLine().getOut());
    }

    private void serve(PrintWriter out) {
        String urlHost = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        if (!Loopback.isLoopbackHost(urlHost)) {
            throw new StartupException("up serves this machine only, because its credentials are well known. For " + host
                + " write configurations with \"profile\": \"production\" and start the servers with authz and mcp.");
        }
        if (debug) {
            Logging.debug();
        }
        String issuer = "http://" + urlHost + ":" + port;
        String mcp = "http://" + urlHost + ":" + mcpPort;
        JsonObject authz = recording().put("profile", "demo").put("host", host)
                .put("port", port).put("issuer", issuer).put("defaultResource", mcp + "/mcp");
        if (metricsPort != null) {
            authz.put("metrics", new JsonObject().put("port", metricsPort));
        }
        Servers servers = Servers.create("gatehouse", authz)
            .deploy("dev.gatehouse.authz.AuthzVerticle", authz, "--port")
            .deploy("dev.gatehouse.resource.ResourceVerticle", recording().put("profile", "demo").put("host", host)
                .put("port", mcpPort).put("resource", mcp + "/mcp").put("authServer", issuer), "--mcp-port");
        out.println(welcome(issuer, mcp));
        out.flush();
        servers.await();
    }

    private JsonObject recording() {
        return record == null ? new JsonObject() : new JsonObject().put("recordDirectory", record.toAbsolutePath().toString());
    }

    private String welcome(String issuer, String mcp) {
        return """

            Gatehouse is up.

              Authorization server  %1$s
                metadata            %1$s/.well-known/oauth-authorization-server
              MCP server            %2$s/mcp  (Streamable HTTP)
                                    %2$s/sse  (HTTP+SSE, for older clients)

              Test user             testuser / testpass
              Test client           mcp-test-client / mcp-test-secret

            Get a token, and call the MCP server with it:

              TOKEN=$(./gatehouse token%3$s)
              curl -s %2$s/mcp \\
                -H "Authorization: Bearer $TOKEN" \\
                -H "Content-Type: application/json" -H "Accept: application/json, text/event-stream" \\
                -d '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"curl","version":"1"}}}'

            Or give your MCP client this mcp_config.json:

            %4$s

            Ctrl-C stops both.""".formatted(issuer, mcp, tokenOptions(issuer, mcp), McpConfigExample.json(issuer, mcp));
    }

    private String tokenOptions(String issuer, String mcp) {
        String options = issuer.equals("http://localhost:9000") ? "" : " --auth-server " + issuer;
        return mcp.equals("http://localhost:8001") ? options : options + " --resource " + mcp + "/mcp";
    }
}

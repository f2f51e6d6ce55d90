package dev.gatehouse.client.bridge;

import dev.gatehouse.client.config.ServerEntry;
import dev.gatehouse.client.config.ServerEntry.TransportKind;
import dev.gatehouse.client.connect.ClientProcess;
import dev.gatehouse.client.connect.ConnectionOptions;
import dev.gatehouse.client.connect.HeaderOptions;
import dev.gatehouse.client.connect.TargetOptions;
import dev.gatehouse.client.oauth.OAuthFailure;
import dev.gatehouse.client.terminal.Terminal;
import dev.gatehouse.client.transport.StandardStreams;
import dev.gatehouse.client.transport.Transport;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.text.VisibleText;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** A remote MCP server for hosts that start their servers as processes. */
@Command(name = "stdio", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Serve a remote MCP server over standard input and output, for hosts that know only stdio.",
        "Messages pass as they are, in every revision of MCP. Signs in by OAuth where the server asks for it, with the stored login if there is one."},
    footer = {"", "In the configuration of a host: \"command\": \"gatehouse\", \"args\": [\"stdio\", \"https://mcp.example.com/mcp\"]"})
public final class StdioCommand implements Callable<Integer> {

    private static final int MOST_LINES = 256;

    /** Notes go to standard error; the standard input belongs to the host. */
    private record HostTerminal(PrintWriter error) implements Terminal {

        @Override
        public void note(String line) {
            error.println(VisibleText.lines(line));
            error.flush();
        }

        @Override
        public boolean isInteractive() {
            return false;
        }

        @Override
        public Future<String> ask(String prompt) {
            return Future.failedFuture(new OAuthFailure(OAuthFailure.Kind.INTERACTION_REQUIRED,
                "Authentication required: this sign-in needs a terminal. Run: gatehouse login"));
        }
    }

    @Parameters(paramLabel = "URL|NAME", description = "The URL of an MCP server, or a server of mcp_config.json.")
    private String target;

    @Option(names = "--transport", paramLabel = "sse|http", description = "Transport for a URL (default: http, else sse if the server has only that).")
    private String transport;

    @Mixin
    private HeaderOptions headers;

    @Mixin
    private TargetOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ServerEntry server = headers.addTo(options.server(target, "sse".equals(transport) ? TransportKind.SSE : TransportKind.HTTP));
        if (server.transport() == TransportKind.STDIO) {
            throw new StartupException(server.name() + " is a server over stdio already: its command is " + server.address());
        }
        StandardStreams streams = StandardStreams.claim();
        PrintWriter error = spec.commandLine().getErr();
        try (ClientProcess client = ClientProcess.create(ConnectionOptions.of(options), vertx -> new HostTerminal(error), error)) {
            return client.run(serve(client, server, streams));
        }
    }

    private static Future<Integer> serve(ClientProcess client, ServerEntry server, StandardStreams streams) {
        Context context = client.vertx().getOrCreateContext();
        Transport first = server.transport() == TransportKind.SSE ? client.connector().sse(server) : client.connector().streamable(server);
        Supplier<Transport> older = server.transport() == TransportKind.SSE ? null : () -> client.connector().sse(server);
        Writer writer = new Writer(context, streams);
        Bridge bridge = new Bridge(client.vertx(), first, older, writer::write, client.terminal()::note);
        return Future.<Void>future(begun -> context.runOnContext(go -> bridge.open().onComplete(begun))).compose(open -> {
            Thread reader = new Thread(() -> read(streams, context, bridge, writer), "mcp-stdin");
            reader.setDaemon(true);
            reader.start();
            return bridge.ended();
        }).eventually(bridge::close).eventually(writer::written).map(0);
    }

    /** A host that sends faster than the bridge takes is slowed down. */
    private static void read(StandardStreams streams, Context context, Bridge bridge, Writer writer) {
        Semaphore room = new Semaphore(MOST_LINES);
        try {
            streams.read(message -> {
                room.acquireUninterruptibly();
                context.runOnContext(go -> {
                    room.release();
                    bridge.take(message);
                });
            }, reason -> writer.write(new JsonObject().put("jsonrpc", "2.0").putNull("id")
                .put("error", new JsonObject().put("code", -32700).put("message", reason))));
        } catch (IOException e) {
            writer.write(new JsonObject().put("jsonrpc", "2.0").putNull("id")
                .put("error", new JsonObject().put("code", -32600).put("message", String.valueOf(e.getMessage()))));
        }
        context.runOnContext(go -> bridge.endOfInput());
    }

    /** Writes messages in their order, off the event loop, because a host may not read. */
    private static final class Writer {

        private final Context context;
        private final StandardStreams streams;
        private Future<Void> last = Future.succeededFuture();

        Writer(Context context, StandardStreams streams) {
            this.context = context;
            this.streams = streams;
        }

        synchronized void write(JsonObject message) {
            last = context.executeBlocking(() -> {
                streams.write(message);
                return null;
            }, true);
        }

        synchronized Future<Void> written() {
            return last.otherwiseEmpty();
        }
    }
}

package dev.gatehouse.it.interop;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.StdioServer;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** mcp-remote connects a host that supports only stdio to {@code /mcp}. The test acts as the host and as the user's browser. */
final class McpRemote implements AutoCloseable {
    private static final String PROGRAM = Path.of("node", "node_modules", "mcp-remote", "dist", "proxy.js").toString();
    private static final Pattern OPENED = Pattern.compile("(?m)^BROWSE (\\S+)$");
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private final Supplier<Journey> person;
    private final StdioServer bridge;

    /** The directory of its registration and tokens, and the port of the redirect URI that it registers. */
    record Memory(Path directory, int port) {
        static Memory fresh() {
            return new Memory(Product.scratch("mcp-remote"), Ports.free());
        }

        /** Returns the identifier that it has registered. Fails until it has registered. */
        String client() throws IOException {
            try (Stream<Path> files = Files.walk(directory)) {
                Path file = files.filter(each -> each.toString().endsWith("_client_info.json")).findFirst().orElseThrow();
                return new JsonObject(Files.readString(file)).getString("client_id");
            }
        }
    }

    McpRemote(RunningGatehouse gatehouse, Memory memory, String... more) {
        this(gatehouse.mcp(), gatehouse::journey, memory, Map.of(), more);
    }

    /** @param environment of the program, besides where it keeps its files */
    McpRemote(String url, Supplier<Journey> person, Memory memory, Map<String, String> environment, String... more) {
        this.person = person;
        List<String> command = new ArrayList<>(List.of(Parts.node().toString(), "--import", "./node/browserless.mjs", PROGRAM,
            url, String.valueOf(memory.port())));
        command.addAll(List.of(more));
        String home = memory.directory().toString();
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(Map.of("MCP_REMOTE_CONFIG_DIR", home, "HOME", home));
        bridge = StdioServer.start(all, command);
        // As a host does, even if a login is necessary first.
        bridge.send(McpSession.initializeRequest().encode());
    }

    /** The address that it opened a browser at, once it has. */
    String opened() {
        Eventually.holds("the browser is opened", LIMIT, this::hasOpened);
        return OPENED.matcher(told()).results().findFirst().orElseThrow().group(1);
    }

    boolean hasOpened() {
        return OPENED.matcher(told()).find();
    }

    /** A person logs in and allows what is asked, and the browser brings the answer to the bridge. */
    void allow() {
        String answer = person.get().allow(opened()).toString();
        // Where it had tokens that proved worthless, it listens only behind the opening; a person is never that fast.
        Eventually.holds("the answer is awaited", LIMIT, () -> told().contains("OAuth callback server running"));
        Http.get(answer);
    }

    /** Waits for the server's response to the handshake and returns it. */
    JsonObject connected() {
        JsonObject result = answer(McpSession.initializeRequest().getValue("id"));
        bridge.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        return result;
    }

    JsonObject call(int id, String method, JsonObject params) {
        bridge.send(new JsonObject().put("jsonrpc", "2.0").put("id", id).put("method", method).put("params", params).encode());
        return answer(id);
    }

    /** Returns all that it has written to stderr. */
    String told() {
        return bridge.errors();
    }

    /** Ends its input, as a host does, and returns its exit code. */
    int end() {
        return bridge.endOfInput();
    }

    @Override
    public void close() {
        bridge.close();
    }

    /** The result for this id; news may come in between. */
    private JsonObject answer(Object id) {
        JsonObject message = bridge.next();
        while (!id.equals(message.getValue("id"))) {
            message = bridge.next();
        }
        if (!message.containsKey("result")) {
            throw new AssertionError(message.encode() + "\n" + told());
        }
        return message.getJsonObject("result");
    }
}

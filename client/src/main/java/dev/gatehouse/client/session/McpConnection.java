package dev.gatehouse.client.session;

import dev.gatehouse.client.transport.CallFailure;
import dev.gatehouse.client.transport.StreamableTransport;
import dev.gatehouse.client.transport.Transport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A connection to one MCP server, over any transport and revision. Requests fail with {@link McpError}, {@link CallFailure}, or
 * {@link dev.gatehouse.client.oauth.OAuthFailure}. Safe for use from any thread.
 */
public final class McpConnection {

    private static final String META = "io.modelcontextprotocol/";
    private static final int MOST_ROUNDS = 10;
    private static final int MOST_PAGES = 1_000;
    private static final long PROBE_MILLIS = 5_000;

    /**
     * The settings of a connection.
     *
     * @param version the only revision to speak, or null for the newest that both sides know
     * @param logLevel least severity of log messages to ask for, or null for none
     * @param notifications takes what the server tells without being asked
     * @param warnings takes what the user should know about the server, such as a tool that is left out
     */
    public record Options(String version, String clientVersion, long timeoutMillis, String logLevel, ClientFeatures features,
                          Consumer<JsonObject> notifications, Consumer<String> warnings) {
    }

    private final Transport transport;
    private final Options options;
    private final JsonRpcPeer peer;
    private final McpHeaders requestHeaders = new McpHeaders();
    private volatile String version;
    private volatile JsonObject server = new JsonObject();

    private McpConnection(Vertx vertx, Transport transport, Options options) {
        this.transport = transport;
        this.options = options;
        this.peer = new JsonRpcPeer(vertx, transport, options.features(), options.notifications());
    }

    /** Connects and agrees on a revision. */
    public static Future<McpConnection> open(Vertx vertx, Transport transport, Options options) {
        McpConnection connection = new McpConnection(vertx, transport, options);
        return connection.peer.open().compose(opened -> connection.agree()).map(connection)
            .onFailure(failed -> connection.peer.close());
    }

    private Future<Void> agree() {
        String only = options.version();
        if (only != null && !only.equals(ProtocolVersion.STATELESS)) {
            return initialize(only);
        }
        if (only != null) {
            beginStateless();
            return Future.succeededFuture();
        }
        return discover(true).recover(failure -> isLegacy(failure) ? initialize(ProtocolVersion.STATEFUL.get(0)) : Future.failedFuture(failure));
    }

    private void beginStateless() {
        version = ProtocolVersion.STATELESS;
        peer.begin(headers("notifications/cancelled", new JsonObject()), this::cancel);
    }

    /** Asks by the newest revision (2026-07-28, versioning). */
    private Future<Void> discover(boolean first) {
        beginStateless();
        return peer.request(new JsonRpcPeer.Call("server/discover", withMeta(new JsonObject()), headers("server/discover", new JsonObject()),
            Math.min(PROBE_MILLIS, options.timeoutMillis()), null)).compose(result -> {
                Optional<String> mutual = ProtocolVersion.mutual(result.getValue("supportedVersions"));
                server = result;
                return mutual.isEmpty() || mutual.get().equals(version) ? Future.<Void>succeededFuture() : initialize(mutual.get());
            }).recover(failure -> {
                Optional<String> mutual = failure instanceof McpError error ? ProtocolVersion.mutual(error) : Optional.empty();
                if (mutual.isEmpty()) {
                    return Future.failedFuture(failure);
                }
                return !mutual.get().equals(ProtocolVersion.STATELESS) ? initialize(mutual.get())
                    : first ? discover(false) : Future.failedFuture(failure);
            });
    }

    /** Returns true when a server of an older revision answers a request of the newest in this way. */
    private static boolean isLegacy(Throwable failure) {
        if (failure instanceof McpError error) {
            return error.code() != McpError.HEADER_MISMATCH && error.code() != McpError.MISSING_CAPABILITY
                && error.code() != McpError.UNSUPPORTED_VERSION;
        }
        // Without a status: a process that does not answer what it does not know.
        return failure instanceof CallFailure call && (call.status() == 0 || call.status() / 100 == 4 && call.status() != 401 && call.status() != 403);
    }

    private Future<Void> initialize(String wanted) {
        version = wanted;
        JsonObject params = new JsonObject().put("protocolVersion", wanted).put("capabilities", options.features().capabilities())
            .put("clientInfo", clientInfo());
        return peer.request(new JsonRpcPeer.Call("initialize", params, Map.of(), options.timeoutMillis(), null)).compose(result -> {
            String answered = String.valueOf(result.getValue("protocolVersion"));
            if (!ProtocolVersion.STATEFUL.contains(answered)) {
                return Future.failedFuture(new CallFailure("The server speaks revision " + answered + ", which this client does not know"));
            }
            version = answered;
            server = result;
            peer.begin(versionHeader(), this::cancel);
            return peer.notify("notifications/initialized", new JsonObject());
        }).compose(ready -> {
            transport.listen(versionHeader());
            return options.logLevel() == null || !hasCapability("logging") ? Future.succeededFuture()
                : request("logging/setLevel", new JsonObject().put("level", options.logLevel())).mapEmpty();
        });
    }

    private JsonObject clientInfo() {
        return new JsonObject().put("name", "gatehouse").put("title", "Gatehouse").put("version", options.clientVersion());
    }

    /** Tells a server that a request is not waited for any more; over HTTP of the newest revision the closed stream says so. */
    private void cancel(long requestId) {
        if (!(isStateless() && transport.hasHeaders())) {
            peer.notify("notifications/cancelled", new JsonObject().put("requestId", requestId).put("reason", "timeout"));
        }
    }

    public String version() {
        return version;
    }

    private boolean isStateless() {
        return ProtocolVersion.STATELESS.equals(version);
    }

    /** The server's description of itself: its {@code capabilities}, {@code instructions} and, in the older revisions, {@code serverInfo}. */
    public JsonObject server() {
        return server;
    }

    /** Returns true when the server has a capability, or was not asked. */
    public boolean hasCapability(String name) {
        return !(server.getValue("capabilities") instanceof JsonObject capabilities) || capabilities.containsKey(name);
    }

    /** All tools. Over HTTP of the newest revision without those whose {@code x-mcp-header} annotations are wrong. */
    public Future<List<JsonObject>> tools() {
        return all("tools/list", "tools").map(tools -> tools.stream().filter(this::isUsable).toList());
    }

    private boolean isUsable(JsonObject tool) {
        JsonObject schema = tool.getValue("inputSchema") instanceof JsonObject object ? object : new JsonObject();
        Optional<String> problem = isStateless() && transport.hasHeaders() ? HeaderMirror.problem(schema) : Optional.empty();
        problem.ifPresent(text -> options.warnings().accept("The tool " + tool.getString("name") + " is left out: " + text + "."));
        if (problem.isEmpty() && tool.getValue("name") instanceof String name) {
            requestHeaders.learn(name, schema);
        }
        return problem.isEmpty();
    }

    /** Calls a tool. @param progress takes the parameters of progress notifications, or null */
    public Future<JsonObject> callTool(String name, JsonObject arguments, Consumer<JsonObject> progress) {
        JsonObject params = new JsonObject().put("name", name).put("arguments", arguments);
        boolean needsSchema = isStateless() && transport.hasHeaders() && !requestHeaders.knows(name);
        return (needsSchema ? tools() : Future.succeededFuture()).compose(known -> request("tools/call", params, progress))
            // The tool has changed since it was listed (2026-07-28, Streamable HTTP, client behavior).
            .recover(failure -> failure instanceof McpError error && error.code() == McpError.HEADER_MISMATCH
                ? tools().compose(known -> request("tools/call", params, progress)) : Future.failedFuture(failure));
    }

    public Future<List<JsonObject>> resources() {
        return all("resources/list", "resources");
    }

    public Future<List<JsonObject>> resourceTemplates() {
        return all("resources/templates/list", "resourceTemplates");
    }

    public Future<JsonObject> readResource(String uri) {
        return request("resources/read", new JsonObject().put("uri", uri));
    }

    /** Entries of {@code skills/list} (SEP-2640). */
    public Future<List<JsonObject>> skills() {
        return all("skills/list", "skills");
    }

    public Future<List<JsonObject>> prompts() {
        return all("prompts/list", "prompts");
    }

    public Future<JsonObject> prompt(String name, JsonObject arguments) {
        return request("prompts/get", new JsonObject().put("name", name).put("arguments", arguments));
    }

    /**
     * The values that the server proposes for an argument; none of a server that does not complete.
     *
     * @param reference to a prompt or a resource template
     * @param typed the beginning of the value
     * @param given the values of other arguments
     */
    public Future<List<String>> complete(JsonObject reference, String argument, String typed, JsonObject given) {
        if (!hasCapability("completions")) {
            return Future.succeededFuture(List.of());
        }
        JsonObject params = new JsonObject().put("ref", reference).put("argument", new JsonObject().put("name", argument).put("value", typed));
        return request("completion/complete", given.isEmpty() ? params : params.put("context", new JsonObject().put("arguments", given)))
            .map(result -> result.getValue("completion") instanceof JsonObject completion && completion.getValue("values") instanceof JsonArray values
                ? values.stream().map(String::valueOf).toList() : List.<String>of());
    }

    private Future<List<JsonObject>> all(String method, String member) {
        return page(method, member, new JsonObject(), new ArrayList<>(), MOST_PAGES);
    }

    private Future<List<JsonObject>> page(String method, String member, JsonObject params, List<JsonObject> sofar, int left) {
        return request(method, params).compose(result -> {
            if (result.getValue(member) instanceof JsonArray items) {
                items.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast).forEach(sofar::add);
            }
            return result.getValue("nextCursor") instanceof String cursor && left > 1
                ? page(method, member, new JsonObject().put("cursor", cursor), sofar, left - 1) : Future.succeededFuture(sofar);
        });
    }

    /** Any request of the protocol. */
    public Future<JsonObject> request(String method, JsonObject params) {
        return request(method, params, null);
    }

    private Future<JsonObject> request(String method, JsonObject params, Consumer<JsonObject> progress) {
        return round(method, params, params, progress, MOST_ROUNDS).recover(failure ->
            recovered(failure).compose(ready -> round(method, params, params, progress, MOST_ROUNDS)));
    }

    /** Completes when the request is worth another attempt: in a new session, by a revision that the server says it has, or after the user was at a page. */
    private Future<Void> recovered(Throwable failure) {
        if (failure instanceof CallFailure call && call.status() == 404 && transport instanceof StreamableTransport streamable
            && streamable.hasSession()) {
            return renewSession(streamable);
        }
        if (failure instanceof McpError error && error.code() == McpError.PAGE_NEEDED && options.features().elicitation() != null) {
            return pages(error);
        }
        Optional<String> mutual = failure instanceof McpError error ? ProtocolVersion.mutual(error) : Optional.empty();
        if (mutual.isPresent() && mutual.get().equals(version)) {
            return Future.succeededFuture();
        }
        return mutual.isPresent() && options.version() == null && isStateless() ? initialize(mutual.get()) : Future.failedFuture(failure);
    }

    /** Shows the pages that the server needs the user to visit before the request (2025-11-25, URL elicitation required error). */
    private Future<Void> pages(McpError error) {
        Future<Void> visited = Future.succeededFuture();
        JsonArray needed = error.data() instanceof JsonObject data && data.getValue("elicitations") instanceof JsonArray list ? list : new JsonArray();
        for (Object each : needed) {
            if (!(each instanceof JsonObject page) || !"url".equals(page.getValue("mode"))) {
                return Future.failedFuture(error);
            }
            visited = visited.compose(before -> options.features().elicitation().apply(page)).compose(answer ->
                "accept".equals(answer.getValue("action")) ? Future.succeededFuture() : Future.failedFuture(error));
        }
        return needed.isEmpty() ? Future.failedFuture(error) : visited;
    }

    private Future<Void> renewSession(StreamableTransport streamable) {
        streamable.forgetSession();
        return initialize(version);
    }

    /** One round; a server that needs input gets it with the next (2026-07-28, multi round-trip requests). */
    private Future<JsonObject> round(String method, JsonObject original, JsonObject params, Consumer<JsonObject> progress, int left) {
        JsonObject sent = isStateless() ? withMeta(params) : params;
        return peer.request(new JsonRpcPeer.Call(method, sent, headers(method, params), options.timeoutMillis(), progress)).compose(result -> {
            if (!isStateless() || !"input_required".equals(result.getValue("resultType"))) {
                return Future.succeededFuture(result);
            }
            if (left <= 1) {
                return Future.failedFuture(new CallFailure("The server asked for input " + MOST_ROUNDS + " times"));
            }
            return inputs(result).compose(responses -> {
                JsonObject next = original.copy();
                if (result.getValue("inputRequests") != null) {
                    next.put("inputResponses", responses);
                }
                if (result.containsKey("requestState")) {
                    next.put("requestState", result.getValue("requestState"));
                }
                return round(method, original, next, progress, left - 1);
            });
        });
    }

    private Future<JsonObject> inputs(JsonObject result) {
        Future<JsonObject> responses = Future.succeededFuture(new JsonObject());
        JsonObject requests = result.getJsonObject("inputRequests", new JsonObject());
        // One after the other: each may put a question to the same person.
        for (String key : requests.fieldNames()) {
            JsonObject request = requests.getJsonObject(key);
            responses = responses.compose(sofar -> options.features().answer(request.getString("method"), request.getJsonObject("params", new JsonObject()))
                .map(answer -> sofar.put(key, answer)));
        }
        return responses;
    }

    private JsonObject withMeta(JsonObject params) {
        JsonObject meta = params.getJsonObject("_meta", new JsonObject()).copy().put(META + "protocolVersion", version)
            .put(META + "clientInfo", clientInfo()).put(META + "clientCapabilities", options.features().capabilities());
        if (options.logLevel() != null) {
            meta.put(META + "logLevel", options.logLevel());
        }
        return params.copy().put("_meta", meta);
    }

    private Map<String, String> headers(String method, JsonObject params) {
        return isStateless() && transport.hasHeaders() ? requestHeaders.of(method, params) : versionHeader();
    }

    private Map<String, String> versionHeader() {
        return McpHeaders.ofVersion(version);
    }

    public Future<Void> close() {
        return peer.close();
    }
}

package dev.gatehouse.mcp.stateless;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.feature.McpEngine;
import dev.gatehouse.mcp.feature.Operations;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import dev.gatehouse.mcp.stateless.RequestHeaders.HeaderSource;
import dev.gatehouse.mcp.stateless.StatelessError.StatelessVersions;
import dev.gatehouse.mcp.stateless.StatelessResult.Caching;
import dev.gatehouse.mcp.stateless.StatelessServer.StatelessMethod;
import dev.gatehouse.mcp.task.TaskStore;
import dev.gatehouse.shared.secret.Sealer;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.vertx.core.Future;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Serves revision 2026-07-28 on any wire. The wire parses and authenticates a request, has it checked, and hands it over with a sink.
 * Safe for use from several event loops; handlers run where the request was handed over.
 */
public final class StatelessServer {

    private final Operations operations;
    private final RequestHeaders headers;
    private final Dispatcher dispatcher;
    private final TaskStore tasks;
    private final Map<String, StatelessMethod> methods = new LinkedHashMap<>();

    /**
     * @param states        seals the state that clients carry between the rounds of a call; the same key on all nodes
     * @param subscriptions maximum of one user and client
     */
    public StatelessServer(McpEngine engine, Supplier<Sealer> states, int subscriptions, Clock clock) {
        this.operations = engine.operations();
        this.headers = new RequestHeaders(engine.registry());
        this.tasks = new TaskStore(clock);
        methods.put("server/discover", new Discover(engine, Map.of(TaskCalls.EXTENSION, Map.of())));
        methods.put("subscriptions/listen", new Listen(engine, tasks, subscriptions));
        new TaskMethods(tasks, engine.codec().mapper()).addTo(methods);
        this.dispatcher = new Dispatcher(engine, methods, new RequestState(states, engine.codec().mapper(), clock),
            new TaskCalls(engine, tasks));
    }

    /** Removes expired tasks. To be called every few seconds. */
    public void sweep() {
        tasks.sweep();
    }

    /** {@return the number of tasks that run or whose results are kept} */
    public int tasks() {
        return tasks.size();
    }

    /** Cancels the tasks that still run. */
    public void close() {
        tasks.close();
    }

    /**
     * A request that may be run for a caller with these scopes.
     *
     * @param raw   with parameters as they came
     * @param typed with parameters checked
     */
    public record Incoming(JSONRPCRequest raw, JSONRPCRequest typed, Envelope envelope, Set<String> scopes) {
    }

    /**
     * Returns true for a message of this era: its header or its envelope names a stateless revision, or it asks for the supported revisions
     * (2026-07-28, versioning, backward compatibility).
     *
     * @param version the {@code MCP-Protocol-Version} header, or null
     */
    public static boolean isStateless(String version, JSONRPCMessage message) {
        return version != null && StatelessVersions.isKnown(version)
            || message instanceof JSONRPCRequest request && (request.method().equals("server/discover") || Envelope.isOn(request.params()));
    }

    /**
     * Checks a request, before any work.
     *
     * @param source the headers it came with, or null on a wire without headers
     * @throws StatelessError                                        if envelope, headers, version or method are wrong
     * @throws dev.gatehouse.mcp.jsonrpc.JsonRpcErrors.BadMessage if a parameter is missing or ill-typed, or the tool or prompt does not exist
     */
    public Incoming check(JSONRPCRequest request, HeaderSource source) {
        Envelope envelope = Envelope.of(request);
        if (source != null) {
            RequestHeaders.checkVersion(source, envelope);
        }
        if (!StatelessVersions.isKnown(envelope.version())) {
            throw StatelessError.unsupportedVersion(envelope.version());
        }
        if (source != null) {
            RequestHeaders.checkMethod(source, request);
        }
        if (methods.containsKey(request.method())) {
            return new Incoming(request, request, envelope, Set.of());
        }
        if (!operations.methods().contains(request.method())) {
            throw StatelessError.methodNotFound(request.method());
        }
        Operations.Checked checked = operations.check(request);
        if (source != null && checked.request().params() instanceof CallToolRequest call) {
            headers.checkParameters(source, call);
        }
        return new Incoming(request, checked.request(), envelope, checked.scopes());
    }

    /**
     * Runs a request; its one answer leaves by the outbound, which is then finished.
     *
     * @return the pending request, to be cancelled when the client disconnects
     */
    public StatelessRequest run(Incoming incoming, Caller caller, MessageSink outbound) {
        StatelessRequest request = new StatelessRequest(incoming, caller, outbound);
        dispatcher.run(incoming, request);
        return request;
    }

    /** A method that this era alone has. */
    @FunctionalInterface
    interface StatelessMethod {

        /**
         * Answers a request whose envelope and headers have been checked.
         *
         * @return the members of the result beside {@code resultType} and {@code _meta}'s {@code serverInfo}; fails with {@link StatelessError} or
         *     {@link io.modelcontextprotocol.spec.McpError}. The request is pending until it completes
         */
        Future<Map<String, Object>> run(StatelessRequest request);
    }

    /** {@code server/discover}: what the server speaks and can do (2026-07-28, discovery). */
    private static final class Discover implements StatelessMethod {

        private final McpEngine engine;
        private final Map<String, Object> extensions;

        /** @param extensions settings by identifier */
        Discover(McpEngine engine, Map<String, Object> extensions) {
            this.engine = engine;
            this.extensions = extensions;
        }

        @Override
        public Future<Map<String, Object>> run(StatelessRequest request) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("supportedVersions", StatelessVersions.ALL);
            result.put("capabilities", capabilities());
            if (engine.features().instructions() != null) {
                result.put("instructions", engine.features().instructions());
            }
            result.putAll(Caching.PUBLIC);
            return Future.succeededFuture(result);
        }

        private Map<String, Object> capabilities() {
            Map<String, Object> capabilities = engine.codec().toMap(engine.capabilities());
            if (!extensions.isEmpty()) {
                capabilities.put("extensions", extensions);
            }
            return capabilities;
        }
    }
}

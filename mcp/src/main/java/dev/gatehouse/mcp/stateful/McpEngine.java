package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.api.Inputs;
import dev.gatehouse.mcp.feature.CallContext;
import dev.gatehouse.mcp.feature.CallDeadline;
import dev.gatehouse.mcp.feature.FeatureRegistry;
import dev.gatehouse.mcp.feature.Changes;
import dev.gatehouse.mcp.feature.CheckedInputs;
import dev.gatehouse.mcp.feature.LargeWork;
import dev.gatehouse.mcp.feature.McpFeatures;
import dev.gatehouse.mcp.feature.Operations;
import dev.gatehouse.mcp.jsonrpc.BadMessage;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.MessageCodec;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import dev.gatehouse.mcp.jsonrpc.WireMapper;
import dev.gatehouse.mcp.schema.SchemaCompiler;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.vertx.core.Context;
import io.vertx.core.Future;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The MCP server without its wires: one SDK server for all of them. The wires hold conversations with it, and hand it
 * requests that are parsed and authenticated. Safe for use from several event loops; handlers run where the request was
 * dispatched. What is said here of sessions is the era until 2025-11-25; the era after opens one for each request.
 */
public final class McpEngine {

    static {
        // The SDK's synchronous wrappers would block an event loop in silence; with this, Reactor refuses to.
        Schedulers.registerNonBlockingThreadPredicate(thread -> thread == Thread.currentThread() && Context.isOnEventLoopThread());
    }

    private final MessageCodec codec;
    private final McpFeatures features;
    private final WireMapper mapper;
    private final Changes changes = new Changes();
    private final SchemaCompiler compiler;
    private final FeatureRegistry catalogue;
    private final Operations operations;
    private final StatefulSessions sessions;
    private final LargeWork large;

    /**
     * @param requestTimeout how long the server waits for the answer to a question it asks a client
     * @param callTimeout    how long a tool, resource or prompt may take, questions included, unless it runs as a task; in whole seconds
     * @param large          does what would hold up an event loop; closed with the engine
     */
    public McpEngine(McpFeatures features, MessageCodec codec, Duration requestTimeout, Duration callTimeout, LargeWork large) {
        this.large = large;
        this.codec = codec;
        this.features = features;
        this.mapper = new WireMapper(codec.mapper());
        this.compiler = new SchemaCompiler(codec.mapper());
        this.catalogue = new FeatureRegistry(features, changes, compiler);
        this.operations = new Operations(catalogue, features.observer(), new CallDeadline(callTimeout), large);
        this.sessions = new StatefulSessions(operations, catalogue, mapper, this::checked, requestTimeout);
    }

    public MessageCodec codec() {
        return codec;
    }

    /** Where what is large is done. */
    public LargeWork large() {
        return large;
    }

    /** What the server says of itself. */
    public McpFeatures features() {
        return features;
    }

    /** What is offered now. */
    public FeatureRegistry catalogue() {
        return catalogue;
    }

    /** Where is told what changes. */
    public Changes changes() {
        return changes;
    }

    /** What every era does. */
    public Operations operations() {
        return operations;
    }

    /** Asks as those inputs do, and fails with {@link dev.gatehouse.mcp.api.CallRefused} if an answer is not what was asked for. */
    public Inputs checked(Inputs inputs) {
        return new CheckedInputs(inputs, compiler);
    }

    /** The capabilities that the server has in every era. */
    public ServerCapabilities capabilities() {
        return ServerCapabilities.builder().tools(true).resources(true, true).prompts(true).logging().completions().build();
    }

    /** How the server names itself. */
    public Implementation serverInfo() {
        return Implementation.builder(features.name(), features.version()).title(features.title()).build();
    }

    /** Does now what would otherwise slow down the first tool call. */
    public void warmUp() {
        catalogue.warmUp();
    }

    /** A session of the SDK just begun, and what {@code initialize} answers. */
    public record Opened(StatefulSession session, InitializeResult result) {
    }

    /**
     * Begins a session. {@link #close(StatefulSession)} must follow in the end.
     *
     * @param initialize an {@code initialize} request
     * @return fails with {@link BadMessage} if its parameters are bad
     */
    public Future<Opened> open(JSONRPCRequest initialize) {
        try {
            Map<String, Object> client = requireClient(initialize);
            InitializeRequest request = requireInitialize(initialize, client);
            return Future.succeededFuture(new Opened(sessions.start(request, (Map<?, ?>) client.get("capabilities")),
                new InitializeResult(request.protocolVersion(), capabilities(), serverInfo(), features.instructions(), null)));
        } catch (BadMessage e) {
            return Future.failedFuture(e);
        }
    }

    private static Map<String, Object> requireClient(JSONRPCRequest initialize) {
        if (initialize.params() instanceof Map<?, ?> params && params.get("protocolVersion") instanceof String
            && params.get("clientInfo") instanceof Map && (params.get("capabilities") instanceof Map || isNull(params, "capabilities"))) {
            return ClientOutline.of(params);
        }
        throw new BadMessage(JsonRpcErrors.INVALID_PARAMS, initialize.id(),
            "initialize needs protocolVersion, capabilities and clientInfo");
    }

    private InitializeRequest requireInitialize(JSONRPCRequest initialize, Map<String, Object> client) {
        try {
            return withKnownVersion(mapper.convertValue(client, InitializeRequest.class));
        } catch (RuntimeException e) {
            throw new BadMessage(JsonRpcErrors.INVALID_PARAMS, initialize.id(), "The initialize parameters are ill-typed");
        }
    }

    private static boolean isNull(Map<?, ?> params, String name) {
        return params.containsKey(name) && params.get(name) == null;
    }

    /** The newest for one that is unknown, as the SDK would choose; but it would first write what the client sent to the log. */
    private static InitializeRequest withKnownVersion(InitializeRequest asked) {
        return StatefulVersions.isKnown(asked.protocolVersion()) ? asked
            : new InitializeRequest(StatefulVersions.newest(), asked.capabilities(), asked.clientInfo(), asked.meta());
    }

    public void close(StatefulSession session) {
        sessions.end(session);
    }

    /**
     * Makes a request ready to run in a session; {@link RunningRequest#start} starts it.
     *
     * @param ended told when the answer is about to leave, and when all is over; it may be told more than once
     */
    public RunningRequest prepare(StatefulSession session, Operations.Checked checked, CallContext context, MessageSink outbound,
                                  Consumer<RunningRequest> ended) {
        return new RunningRequest(checked.request(), outbound, mapper, ended, reply -> {
            StatefulContext carried = new StatefulContext(context.caller(), session, outbound, reply);
            return Mono.defer(() -> session.sdk().responseStream(reply).handle(checked.request()))
                .contextWrite(values -> values.put(McpTransportContext.KEY, carried));
        });
    }

    /** Ends all sessions. */
    public void close() {
        sessions.close();
        large.close();
    }
}

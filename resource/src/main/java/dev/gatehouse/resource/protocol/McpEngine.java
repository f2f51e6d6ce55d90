package dev.gatehouse.resource.protocol;

import dev.gatehouse.resource.tool.McpResource;
import io.modelcontextprotocol.server.McpAsyncServer;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerSession.McpStreamableServerSessionInit;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

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
    private final WireMapper mapper;
    private final SchemaValidator validator;
    private final Requirements requirements;
    private final ConcreteResources concrete;
    private final SessionFactory sessions = new SessionFactory();
    private final McpAsyncServer server;

    /** @param requestTimeout how long the server waits for the answer to a question it asks a client */
    public McpEngine(McpFeatures features, MessageCodec codec, Duration requestTimeout) {
        this.codec = codec;
        this.mapper = new WireMapper(codec.mapper());
        this.requirements = new Requirements(features);
        this.concrete = new ConcreteResources(features);
        List<AsyncToolSpecification> tools = features.tools().stream()
            .map(tool -> new ToolSpecification(tool, features.observer()).specification()).toList();
        this.validator = new SchemaValidator(codec.mapper(), schemasOf(tools));
        this.server = build(features, tools, requestTimeout);
    }

    private static List<Map<String, Object>> schemasOf(List<AsyncToolSpecification> tools) {
        List<Map<String, Object>> schemas = new ArrayList<>();
        tools.stream().map(AsyncToolSpecification::tool)
            .flatMap(tool -> Stream.of(tool.inputSchema(), tool.outputSchema() == null ? tool.inputSchema() : tool.outputSchema()))
            .forEach(schemas::add);
        return schemas;
    }

    private McpAsyncServer build(McpFeatures features, List<AsyncToolSpecification> tools, Duration requestTimeout) {
        McpServer.AsyncSpecification<?> specification = McpServer.async(sessions)
            .serverInfo(Implementation.builder(features.name(), features.version()).title(features.title()).build())
            .instructions(features.instructions())
            .capabilities(ServerCapabilities.builder().tools(false).resources(false, false).completions().build())
            .requestTimeout(requestTimeout).jsonMapper(mapper).jsonSchemaValidator(validator).tools(tools);
        for (McpResource resource : features.resources()) {
            ResourceSpecification offered = new ResourceSpecification(resource, features.observer());
            if (resource.definition().isTemplate()) {
                specification.resourceTemplates(offered.template()).completions(offered.completion());
            } else {
                specification.resources(offered.specification());
            }
        }
        return specification.build();
    }

    public MessageCodec codec() {
        return codec;
    }

    /** Does now what would otherwise slow down the first tool call. */
    public void warmUp() {
        validator.warmUp();
    }

    /** A session of the SDK just begun, and what {@code initialize} answers. */
    public record Opened(McpStreamableServerSession session, InitializeResult result) {
    }

    /**
     * Begins a session. {@link #close(McpStreamableServerSession)} must follow in the end.
     *
     * @param initialize an {@code initialize} request
     * @return fails with {@link BadMessage} if its parameters are bad
     */
    public Future<Opened> open(JSONRPCRequest initialize) {
        McpStreamableServerSessionInit started;
        try {
            started = sessions.start(requireInitialize(initialize));
        } catch (BadMessage e) {
            return Future.failedFuture(e);
        }
        return Monos.subscribe(started.initResult())
            .map(result -> new Opened(started.session(), result))
            .onFailure(failure -> sessions.end(started.session()));
    }

    private InitializeRequest requireInitialize(JSONRPCRequest initialize) {
        try {
            if (initialize.params() instanceof Map<?, ?> params && params.get("protocolVersion") instanceof String
                && params.get("clientInfo") instanceof Map && params.get("capabilities") instanceof Map) {
                return withKnownVersion(mapper.convertValue(params, InitializeRequest.class));
            }
        } catch (RuntimeException e) {
            throw new BadMessage(JsonRpcErrors.INVALID_PARAMS, initialize.id(), "The initialize parameters are ill-typed");
        }
        throw new BadMessage(JsonRpcErrors.INVALID_PARAMS, initialize.id(),
            "initialize needs protocolVersion, capabilities and clientInfo");
    }

    /** The newest for one that is unknown, as the SDK would choose; but it would first write what the client sent to the log. */
    private static InitializeRequest withKnownVersion(InitializeRequest asked) {
        return LegacyVersions.isKnown(asked.protocolVersion()) ? asked
            : new InitializeRequest(LegacyVersions.newest(), asked.capabilities(), asked.clientInfo(), asked.meta());
    }

    public void close(McpStreamableServerSession session) {
        sessions.end(session);
    }

    /**
     * Checks the parameters of a request, before anything is done for it.
     *
     * @return the request to dispatch, and the scopes that its caller must have
     * @throws BadMessage if a parameter is missing or ill-typed, or the tool does not exist
     */
    public Checked check(JSONRPCRequest request) {
        JSONRPCRequest typed = Parameters.typed(request);
        return new Checked(typed, requirements.of(typed));
    }

    /** A request that may be dispatched for a caller with these scopes. */
    public record Checked(JSONRPCRequest request, Set<String> scopes) {
    }

    /**
     * Makes a request ready to run in a session; {@link RunningRequest#start} starts it.
     *
     * @param ended told when the answer is about to leave, and when all is over; it may be told more than once
     */
    public RunningRequest prepare(McpStreamableServerSession session, Checked checked, CallContext context, Outbound outbound,
                                  Consumer<RunningRequest> ended) {
        boolean completed = checked.request().method().equals(ConcreteResources.METHOD);
        Outbound way = completed ? concrete.completing(outbound, context.caller()) : outbound;
        return new RunningRequest(checked.request(), way, mapper, ended,
            reply -> Mono.defer(() -> session.responseStream(reply).handle(checked.request()))
                .contextWrite(values -> values.put(CallContext.KEY, context)));
    }

    /** Opens the stream for what the server says unasked. The one that was open before is finished. */
    public McpStreamableServerSession.McpStreamableServerSessionStream listen(McpStreamableServerSession session, Outbound outbound) {
        return session.listeningStream(new ListeningTransport(outbound, mapper));
    }

    /** Ends all sessions. */
    public void close() {
        Monos.subscribe(server.closeGracefully());
    }
}

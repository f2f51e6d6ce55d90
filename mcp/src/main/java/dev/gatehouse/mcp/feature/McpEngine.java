package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.mcp.api.Inputs;
import dev.gatehouse.mcp.jsonrpc.MessageCodec;
import dev.gatehouse.mcp.schema.SchemaCompiler;
import dev.gatehouse.shared.metric.Meters;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;

import java.time.Duration;

/** The MCP server without its eras and wires: its features, and the operations on them. Safe for use from several event loops. */
public final class McpEngine {

    private final McpFeatures features;
    private final MessageCodec codec;
    private final LargeWork large;
    private final Changes changes = new Changes();
    private final SchemaCompiler compiler;
    private final FeatureRegistry registry;
    private final Operations operations;

    /**
     * Creates the engine of a server.
     *
     * @param features the features
     * @param codec reads and writes messages
     * @param callTimeout limit of a call of a tool, resource or prompt, including its questions, unless it runs as a task; in whole seconds
     * @param large       runs work that would block an event loop; closed with the engine
     */
    public McpEngine(McpFeatures features, MessageCodec codec, Duration callTimeout, LargeWork large) {
        this(features, codec, callTimeout, large, Meters.NONE);
    }

    /**
     * Creates the engine of a server whose calls are measured.
     *
     * @param features the features
     * @param codec reads and writes messages
     * @param callTimeout limit of a call of a tool, resource or prompt, including its questions, unless it runs as a task; in whole seconds
     * @param large runs work that would block an event loop; closed with the engine
     * @param meters receives the measurements
     */
    public McpEngine(McpFeatures features, MessageCodec codec, Duration callTimeout, LargeWork large, Meters meters) {
        this.features = features;
        this.codec = codec;
        this.large = large;
        this.compiler = new SchemaCompiler(codec.mapper());
        this.registry = new FeatureRegistry(features, changes, compiler);
        this.operations = new Operations(registry, features.observer(), features.policy(), new CallDeadline(callTimeout), large, meters);
    }

    /** {@return the codec of messages} */
    public MessageCodec codec() {
        return codec;
    }

    /** {@return the runner of work on large messages} */
    public LargeWork large() {
        return large;
    }

    /** {@return the server's description of itself} */
    public McpFeatures features() {
        return features;
    }

    /** {@return the features that the server offers now} */
    public FeatureRegistry registry() {
        return registry;
    }

    /** {@return the publisher of changes to subscribed clients} */
    public Changes changes() {
        return changes;
    }

    /** {@return the methods that every era has} */
    public Operations operations() {
        return operations;
    }

    /**
     * {@return the same inputs, which fail with {@link CallRefused} if an answer does not fit its question}
     *
     * @param inputs the inputs
     */
    public Inputs checked(Inputs inputs) {
        return new CheckedInputs(inputs, compiler);
    }

    /** {@return the capabilities of the server in every era} */
    public ServerCapabilities capabilities() {
        return ServerCapabilities.builder().tools(true).resources(true, true).prompts(true).logging().completions().build();
    }

    /** {@return the name, title and version of the server} */
    public Implementation serverInfo() {
        return Implementation.builder(features.name(), features.version()).title(features.title()).build();
    }

    /** Compiles the schemas, which would otherwise slow down the first tool call. */
    public void warmUp() {
        registry.warmUp();
    }

    /** Ends the worker threads. */
    public void close() {
        large.close();
    }
}

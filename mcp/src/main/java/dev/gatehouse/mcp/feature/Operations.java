package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.CallObserver;
import dev.gatehouse.mcp.api.CallPolicy;
import dev.gatehouse.mcp.api.CallPolicy.StepUp;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.TaskSupport;
import dev.gatehouse.mcp.jsonrpc.Failures;
import dev.gatehouse.mcp.jsonrpc.InputRequired;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors.BadMessage;
import dev.gatehouse.mcp.jsonrpc.Parameters;
import dev.gatehouse.shared.metric.Meters;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.PaginatedRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.vertx.core.Future;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The methods that a server has in every era of the protocol. Each era adds its own. */
public final class Operations {

    /** Of a name that is worth repeating in an error. */
    private static final int LONGEST_METHOD = 128;

    private final Requirements requirements;
    private final FeatureRegistry catalogue;
    private final ToolOperations tools;
    private final PolicyGate policy;
    private final CallDeadline deadline;
    private final Map<String, Operation> operations = new LinkedHashMap<>();

    /** Runs a request with checked parameters. */
    @FunctionalInterface
    private interface Operation {

        Future<?> run(Object params, RequestExchange exchange);
    }

    /**
     * Creates the operations.
     *
     * @param catalogue the features
     * @param observer counts and limits calls
     * @param policy decides which calls may run
     * @param deadline limits the time of calls
     * @param large runs work that would block an event loop
     * @param meters receives the times of tool calls
     */
    public Operations(FeatureRegistry catalogue, CallObserver observer, CallPolicy policy, CallDeadline deadline, LargeWork large, Meters meters) {
        this.requirements = new Requirements(catalogue);
        this.catalogue = catalogue;
        this.deadline = deadline;
        this.policy = new PolicyGate(catalogue, policy, large);
        this.tools = new ToolOperations(catalogue, observer, this.policy, deadline, large, new ToolMeters(meters));
        ResourceOperations resources = new ResourceOperations(catalogue, observer, this.policy);
        PromptOperations prompts = new PromptOperations(catalogue, this.policy);
        Completions completions = new Completions(catalogue, this.policy);
        operations.put("tools/call", (params, exchange) -> tools.callWithoutTask((CallToolRequest) params, exchange));
        operations.put("tools/list", (params, exchange) -> tools.list((PaginatedRequest) params, exchange.caller()));
        operations.put("resources/list", bounded((params, exchange) -> resources.list((PaginatedRequest) params, exchange.caller())));
        operations.put("resources/templates/list", (params, exchange) -> resources.templates((PaginatedRequest) params, exchange.caller()));
        operations.put("resources/read", bounded((params, exchange) -> resources.read((ReadResourceRequest) params, exchange)));
        operations.put("prompts/list", (params, exchange) -> prompts.list((PaginatedRequest) params, exchange.caller()));
        operations.put("prompts/get", bounded((params, exchange) -> prompts.get((GetPromptRequest) params, exchange)));
        operations.put("completion/complete", bounded((params, exchange) -> completions.complete((CompleteRequest) params, exchange)));
    }

    /** Calls of tools are bounded where they become results. */
    private Operation bounded(Operation operation) {
        return (params, exchange) -> deadline.<Object>run(exchange, inTime -> operation.run(params, inTime).map(Object.class::cast))
            .recover(failure -> Future.failedFuture(Failures.translate("The request", exchange.trace(), failure)));
    }

    /**
     * A request that may be run for a caller with these scopes.
     *
     * @param request the request with its parameters typed
     * @param scopes the scopes that its caller must have
     */
    public record Checked(JSONRPCRequest request, Set<String> scopes) {
    }

    /**
     * {@return the other authentication that the policy requires for a request, for a transport with challenges}
     *
     * @param request the request, as {@link #check} typed it
     * @param caller the caller
     */
    public Optional<StepUp> stepUp(JSONRPCRequest request, Caller caller) {
        return policy.stepUp(request, caller);
    }

    /** {@return the methods, all of them in each era} */
    public Set<String> methods() {
        return operations.keySet();
    }

    /**
     * Checks the parameters of a request, before any work.
     *
     * @param request the request
     * @return the request with its parameters typed, and the scopes that its caller must have; a request of another method as it is,
     *     with none
     * @throws BadMessage if a parameter is missing or ill-typed, or the tool or prompt does not exist
     */
    public Checked check(JSONRPCRequest request) {
        if (request.method().length() > LONGEST_METHOD) {
            throw new BadMessage(JsonRpcErrors.METHOD_NOT_FOUND, request.id(), "Method not found: the name is too long");
        }
        JSONRPCRequest typed = Parameters.typed(request);
        return new Checked(typed, requirements.of(typed));
    }

    /**
     * Runs a request of one of the {@link #methods}.
     *
     * @param method the method
     * @param params  as {@link #check} typed them
     * @param exchange the connection to the caller
     * @return the result, one of the SDK's records. Fails with {@link McpError} if the answer is an error, with
     *     {@link dev.gatehouse.mcp.api.InputsUnsupported} if the client cannot answer a question, and with {@link InputRequired} as the
     *     exchange's inputs did
     */
    public Future<?> run(String method, Object params, RequestExchange exchange) {
        try {
            return operations.get(method).run(params, exchange);
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(JsonRpcErrors.exception(JsonRpcErrors.INVALID_PARAMS, e.getMessage()));
        }
    }

    /**
     * {@return whether a call may or must become a task, in an era with tasks}
     *
     * @param call the call
     */
    public TaskSupport taskSupport(CallToolRequest call) {
        return catalogue.tool(call.name()).map(tool -> tool.definition().taskSupport()).orElse(TaskSupport.NEVER);
    }

    /**
     * Asks the tool whether a call becomes a task. A call with bad arguments does not.
     *
     * @param call the call
     * @param exchange the connection to the caller
     * @return fails as {@link #run} does
     */
    public Future<Boolean> becomesTask(CallToolRequest call, RequestExchange exchange) {
        return tools.becomesTask(call, exchange);
    }

    /**
     * Runs {@code tools/call} for an era that handles {@link #taskSupport} itself. Fails as {@link #run} does.
     *
     * @param call the call
     * @param exchange the connection to the caller
     * @return the result
     */
    public Future<CallToolResult> call(CallToolRequest call, RequestExchange exchange) {
        return tools.call(call, exchange);
    }

    /**
     * Runs {@code tools/call} after its response, without a time limit. Fails as {@link #run} does.
     *
     * @param call the call
     * @param exchange the connection to the caller
     * @return the result
     */
    public Future<CallToolResult> callAsTask(CallToolRequest call, RequestExchange exchange) {
        return tools.callAsTask(call, exchange);
    }
}

package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.CallPolicy;
import dev.gatehouse.mcp.api.CallPolicy.Approval;
import dev.gatehouse.mcp.api.CallPolicy.Refused;
import dev.gatehouse.mcp.api.CallPolicy.StepUp;
import dev.gatehouse.mcp.api.CallPolicy.Verdict;
import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.ToolDefinition;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.vertx.core.Future;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Applies the policy to calls and lists of tools, resources and prompts. */
final class PolicyGate {

    private static final Map<String, Object> NO_FIELDS = Map.of("type", "object", "properties", Map.of());

    private final FeatureRegistry catalogue;
    private final CallPolicy policy;
    private final LargeWork large;

    PolicyGate(FeatureRegistry catalogue, CallPolicy policy, LargeWork large) {
        this.catalogue = catalogue;
        this.policy = policy;
        this.large = large;
    }

    /** The step-up that a request needs. A transport answers it with a challenge. */
    Optional<StepUp> stepUp(JSONRPCRequest request, Caller caller) {
        if (policy == CallPolicy.NONE) {
            return Optional.empty();
        }
        if (request.params() instanceof CallToolRequest call) {
            return catalogue.tool(call.name()).flatMap(tool -> stepUp(caller, tool.definition(), call.arguments()));
        }
        if (request.params() instanceof ReadResourceRequest read) {
            return stepUp(caller, CallPolicy.RESOURCE_READ, arguments(read));
        }
        return request.params() instanceof GetPromptRequest prompt ? stepUp(caller, CallPolicy.PROMPT_GET, arguments(prompt)) : Optional.empty();
    }

    private Optional<StepUp> stepUp(Caller caller, ToolDefinition tool, Map<String, Object> arguments) {
        return policy.stepUp(caller, tool, LargeWork.isLarge(arguments) ? null : arguments);
    }

    /** A read of a resource as arguments of {@link CallPolicy#RESOURCE_READ}. */
    static Map<String, Object> arguments(ReadResourceRequest read) {
        return Map.of("uri", read.uri());
    }

    /** A use of a prompt as arguments of {@link CallPolicy#PROMPT_GET}. */
    static Map<String, Object> arguments(GetPromptRequest prompt) {
        return Map.of("name", prompt.name(), "arguments", prompt.arguments() == null ? Map.of() : prompt.arguments());
    }

    /** Returns false if the policy hides what the caller may not use, and the caller may not use this. */
    boolean isListed(Caller caller, ToolDefinition tool) {
        return !policy.listsByCaller() || policy.isListed(caller, tool);
    }

    List<OfferedTool> listed(Caller caller) {
        List<OfferedTool> all = List.copyOf(catalogue.tools());
        return policy.listsByCaller() ? all.stream().filter(tool -> policy.isListed(caller, tool.definition())).toList() : all;
    }

    /** Decides a call, asks for an approval if necessary, and runs the call. Fails with {@link CallRefused} if the call may not run. */
    <T> Future<T> run(ToolDefinition tool, Map<String, Object> arguments, RequestExchange exchange, Supplier<Future<T>> call) {
        return policy == CallPolicy.NONE ? call.get()
            : large.on(arguments, () -> policy.decide(exchange.caller(), tool, arguments)).compose(verdict -> obey(verdict, exchange, call));
    }

    /** Returns true if the call may run without a question. */
    Future<Boolean> isAllowed(ToolDefinition tool, Map<String, Object> arguments, RequestExchange exchange) {
        return policy == CallPolicy.NONE ? Future.succeededFuture(true)
            : large.on(arguments, () -> policy.decide(exchange.caller(), tool, arguments) instanceof CallPolicy.Allowed);
    }

    private static <T> Future<T> obey(Verdict verdict, RequestExchange exchange, Supplier<Future<T>> call) {
        if (verdict instanceof Refused refused) {
            return Future.failedFuture(new CallRefused(refused.message()));
        }
        if (verdict instanceof StepUp stepUp) {
            return Future.failedFuture(new CallRefused(text(stepUp)));
        }
        return verdict instanceof Approval approval ? approved(approval, exchange).compose(yes -> call.get()) : call.get();
    }

    private static Future<Void> approved(Approval approval, RequestExchange exchange) {
        InputRequest question = InputRequest.elicitation(approval.message(), NO_FIELDS);
        if (!exchange.inputs().canAnswer(question)) {
            return Future.failedFuture(new CallRefused("The policy of this server requires the approval of the user for this call."
                + " This client cannot ask the user, because it does not support elicitation. Use a client that does."));
        }
        return exchange.inputs().ask(approval.key(), question).compose(answer -> answer.isAccepted() ? Future.succeededFuture()
            : Future.failedFuture(new CallRefused("The user did not approve this call.")));
    }

    /** For callers that no challenge reaches. */
    private static String text(StepUp stepUp) {
        return "The policy of this server requires another sign-in for this call"
            + (stepUp.maxAgeSeconds() == null ? "" : ", at most " + stepUp.maxAgeSeconds() + " seconds ago")
            + (stepUp.acrValues().isEmpty() ? "" : ", with the authentication context " + String.join(" or ", stepUp.acrValues()))
            + ". Sign in again, and repeat the call.";
    }
}

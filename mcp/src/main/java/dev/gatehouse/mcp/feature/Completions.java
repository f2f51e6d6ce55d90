package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.CallObserver;
import dev.gatehouse.mcp.api.CallPolicy;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.jsonrpc.Failures;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.CompleteResult;
import io.modelcontextprotocol.spec.McpSchema.PromptReference;
import io.modelcontextprotocol.spec.McpSchema.ResourceReference;
import io.vertx.core.Future;

import java.util.List;
import java.util.Map;

/** {@code completion/complete}, of variables of resource templates and of arguments of prompts. */
final class Completions {

    /** The most values that a completion may carry (MCP, completion). */
    private static final int VALUES = 100;

    private final FeatureRegistry catalogue;
    private final PolicyGate policy;

    Completions(FeatureRegistry catalogue, PolicyGate policy) {
        this.catalogue = catalogue;
        this.policy = policy;
    }

    Future<CompleteResult> complete(CompleteRequest request, RequestExchange exchange) {
        Caller caller = exchange.caller();
        String argument = request.argument().name();
        String prefix = request.argument().value();
        Map<String, String> others = request.context() == null || request.context().arguments() == null ? Map.of()
            : request.context().arguments();
        boolean resource = request.ref() instanceof ResourceReference;
        // A value of a variable is part of what a caller would read.
        if (!policy.isListed(caller, resource ? CallPolicy.RESOURCE_READ : CallPolicy.PROMPT_GET)) {
            return Future.succeededFuture(toResult(List.of()));
        }
        if (request.ref() instanceof ResourceReference reference) {
            OfferedResource offered = catalogue.resource(reference.uri())
                .orElseThrow(() -> new IllegalArgumentException("Unknown resource template"));
            return answer(new GuardedCall(reference.uri(), offered.scopes(), CallObserver.NONE)
                .run(exchange, () -> offered.resource().complete(caller, argument, prefix, others)), "Completion");
        }
        OfferedPrompt offered = catalogue.prompt(((PromptReference) request.ref()).name())
            .orElseThrow(() -> new IllegalArgumentException("Unknown prompt"));
        return answer(new GuardedCall(offered.definition().name(), offered.scopes(), CallObserver.NONE)
            .run(exchange, () -> offered.prompt().complete(caller, argument, prefix, others)), "Completion");
    }

    private static Future<CompleteResult> answer(Future<List<String>> found, String operation) {
        return found.map(Completions::toResult).recover(failure -> Future.failedFuture(Failures.translate(operation, null, failure)));
    }

    private static CompleteResult toResult(List<String> values) {
        List<String> sent = values.size() > VALUES ? List.copyOf(values.subList(0, VALUES)) : values;
        return new CompleteResult(new CompleteResult.CompleteCompletion(sent, values.size(), values.size() > sent.size()));
    }
}

package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.CallObserver;
import dev.gatehouse.mcp.api.CallPolicy;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.PromptCall;
import dev.gatehouse.mcp.api.PromptDefinition;
import dev.gatehouse.mcp.api.PromptResult;
import dev.gatehouse.mcp.jsonrpc.Failures;
import dev.gatehouse.mcp.jsonrpc.WireContent;
import dev.gatehouse.shared.text.VisibleText;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.ListPromptsResult;
import io.modelcontextprotocol.spec.McpSchema.PaginatedRequest;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.vertx.core.Future;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code prompts/list} and {@code prompts/get}. */
final class PromptOperations {

    private final FeatureRegistry catalogue;
    private final PolicyGate policy;

    PromptOperations(FeatureRegistry catalogue, PolicyGate policy) {
        this.catalogue = catalogue;
        this.policy = policy;
    }

    Future<ListPromptsResult> list(PaginatedRequest request, Caller caller) {
        List<OfferedPrompt> all = policy.isListed(caller, CallPolicy.PROMPT_GET) ? List.copyOf(catalogue.prompts()) : List.of();
        ListPage<OfferedPrompt> page = ListPage.of(all, prompt -> prompt.definition().name(), request.cursor());
        return Future.succeededFuture(new ListPromptsResult(page.members().stream().map(OfferedPrompt::description).toList(), page.next(), null));
    }

    Future<GetPromptResult> get(GetPromptRequest request, RequestExchange exchange) {
        OfferedPrompt offered = catalogue.prompt(request.name()).orElseThrow(() -> new IllegalArgumentException("Unknown prompt"));
        PromptCall call = new PromptCall(exchange.caller(), arguments(offered.definition(), request.arguments()), exchange.inputs(),
            exchange.cancelled());
        return new GuardedCall(request.name(), offered.scopes(), CallObserver.NONE)
            .run(exchange, () -> policy.run(CallPolicy.PROMPT_GET, PolicyGate.arguments(request), exchange, () -> offered.prompt().get(call)))
            .map(PromptOperations::toResult)
            .recover(failure -> Future.failedFuture(Failures.translate(request.name(), exchange.trace(), failure)));
    }

    private static Map<String, String> arguments(PromptDefinition definition, Map<String, Object> given) {
        Map<String, String> arguments = new HashMap<>();
        if (given != null) {
            given.forEach((name, value) -> {
                if (value instanceof String text) {
                    arguments.put(name, text);
                } else if (value != null) {
                    throw new IllegalArgumentException("The argument " + VisibleText.name(name) + " must be a string");
                }
            });
        }
        for (PromptDefinition.Argument argument : definition.arguments()) {
            if (argument.required() && !arguments.containsKey(argument.name())) {
                throw new IllegalArgumentException("The argument " + argument.name() + " is missing");
            }
        }
        return arguments;
    }

    private static GetPromptResult toResult(PromptResult result) {
        if (result == null) {
            throw new IllegalStateException("The prompt returned no result");
        }
        List<PromptMessage> messages = result.messages().stream()
            .map(message -> new PromptMessage(message.byUser() ? Role.USER : Role.ASSISTANT, WireContent.of(message.content()))).toList();
        return new GetPromptResult(result.description(), messages, null);
    }
}

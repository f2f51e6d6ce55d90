package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.Prompt;
import dev.gatehouse.mcp.api.PromptDefinition;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.PromptArgument;

import java.util.Set;

/** A prompt in the registry, with the values that are the same for each call. */
final class OfferedPrompt {

    private final Prompt prompt;
    private final PromptDefinition definition;
    private final Set<String> scopes;
    private final McpSchema.Prompt description;

    OfferedPrompt(Prompt prompt) {
        this.prompt = prompt;
        this.definition = prompt.definition();
        this.scopes = Set.copyOf(prompt.scopes());
        this.description = new McpSchema.Prompt(definition.name(), definition.title(), definition.description(),
            definition.arguments().stream()
                .map(argument -> new PromptArgument(argument.name(), null, argument.description(), argument.required())).toList(), null, null);
    }

    Prompt prompt() {
        return prompt;
    }

    PromptDefinition definition() {
        return definition;
    }

    Set<String> scopes() {
        return scopes;
    }

    /** The description in {@code prompts/list}. */
    McpSchema.Prompt description() {
        return description;
    }
}

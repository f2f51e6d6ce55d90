package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors.BadMessage;
import dev.gatehouse.shared.text.VisibleText;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.PromptReference;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.ResourceReference;
import io.modelcontextprotocol.spec.McpSchema.SubscribeRequest;

import java.util.Set;

/** The scopes that a request needs, as the tools, resources and prompts declare them. */
final class Requirements {

    private final FeatureRegistry catalogue;

    Requirements(FeatureRegistry catalogue) {
        this.catalogue = catalogue;
    }

    /** The scopes, none for a request that any caller may make. Throws {@link BadMessage} for a tool or prompt that does not exist. */
    Set<String> of(JSONRPCRequest request) {
        Object params = request.params();
        if (params instanceof CallToolRequest call) {
            return catalogue.tool(call.name()).map(OfferedTool::scopes).orElseThrow(() -> unknown(request, "tool", call.name()));
        }
        if (params instanceof ReadResourceRequest read) {
            return ofResource(read.uri());
        }
        if (params instanceof SubscribeRequest subscription) {
            return ofResource(subscription.uri());
        }
        if (params instanceof GetPromptRequest get) {
            return ofPrompt(request, get.name());
        }
        if (params instanceof CompleteRequest completion) {
            return completion.ref() instanceof ResourceReference reference ? ofResource(reference.uri())
                : ofPrompt(request, ((PromptReference) completion.ref()).name());
        }
        return Set.of();
    }

    private Set<String> ofPrompt(JSONRPCRequest request, String name) {
        return catalogue.prompt(name).map(OfferedPrompt::scopes).orElseThrow(() -> unknown(request, "prompt", name));
    }

    private Set<String> ofResource(String uri) {
        return catalogue.resource(uri).map(OfferedResource::scopes).orElse(Set.of());
    }

    private static BadMessage unknown(JSONRPCRequest request, String kind, String name) {
        return new BadMessage(JsonRpcErrors.INVALID_PARAMS, request.id(), "Unknown " + kind + ": " + VisibleText.name(name));
    }
}

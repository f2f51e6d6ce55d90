package dev.gatehouse.mcp.jsonrpc;

import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors.BadMessage;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CompleteReference;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.PaginatedRequest;
import io.modelcontextprotocol.spec.McpSchema.PromptReference;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.ResourceReference;
import io.modelcontextprotocol.spec.McpSchema.SetLevelRequest;
import io.modelcontextprotocol.spec.McpSchema.SubscribeRequest;
import io.modelcontextprotocol.spec.McpSchema.UnsubscribeRequest;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Parameters of requests as the SDK's types, checked. Made by hand for the methods that matter, because the SDK would
 * convert them through a second JSON tree, and answers a missing field with an internal error.
 */
public final class Parameters {

    private final Map<?, ?> values;

    private Parameters(Map<?, ?> values) {
        this.values = values;
    }

    /** The same request with typed parameters, where we type them. Throws {@link BadMessage} if one is missing or ill-typed. */
    public static JSONRPCRequest typed(JSONRPCRequest request) {
        try {
            Object params = type(request.method(), (Map<?, ?>) request.params());
            return params == request.params() ? request : new JSONRPCRequest("2.0", request.method(), request.id(), params);
        } catch (IllegalArgumentException e) {
            throw new BadMessage(JsonRpcErrors.INVALID_PARAMS, request.id(), e.getMessage());
        }
    }

    private static Object type(String method, Map<?, ?> params) {
        Parameters parameters = new Parameters(params == null ? Map.of() : params);
        return switch (method) {
            case "tools/call" -> parameters.toolCall();
            case "resources/read" -> new ReadResourceRequest(parameters.text("uri"), parameters.object("_meta"));
            case "tools/list", "resources/list", "resources/templates/list", "prompts/list" -> parameters.page();
            case "prompts/get" -> new GetPromptRequest(parameters.text("name"), parameters.object("arguments"), parameters.object("_meta"));
            case "completion/complete" -> parameters.completion();
            case "resources/subscribe" -> new SubscribeRequest(parameters.text("uri"), parameters.object("_meta"));
            case "resources/unsubscribe" -> new UnsubscribeRequest(parameters.text("uri"), parameters.object("_meta"));
            case "logging/setLevel" -> new SetLevelRequest(parameters.level());
            default -> params;
        };
    }

    private CallToolRequest toolCall() {
        Map<String, Object> arguments = object("arguments");
        return new CallToolRequest(text("name"), arguments == null ? Map.of() : arguments, object("_meta"));
    }

    private PaginatedRequest page() {
        Object cursor = values.get("cursor");
        return new PaginatedRequest(cursor == null || cursor.equals("") ? null : text("cursor"), object("_meta"));
    }

    private CompleteRequest completion() {
        Parameters argument = new Parameters(requireObject("argument"));
        return new CompleteRequest(reference(new Parameters(requireObject("ref"))),
            new CompleteRequest.CompleteArgument(argument.text("name"), argument.text("value")), null, context());
    }

    private CompleteRequest.CompleteContext context() {
        Map<String, Object> context = object("context");
        Map<String, Object> given = context == null ? null : new Parameters(context).object("arguments");
        if (given == null) {
            return null;
        }
        Map<String, String> arguments = new HashMap<>();
        given.forEach((name, value) -> {
            if (value != null) {
                arguments.put(name, new Parameters(given).text(name));
            }
        });
        return new CompleteRequest.CompleteContext(arguments);
    }

    private static CompleteReference reference(Parameters reference) {
        return switch (reference.text("type")) {
            case "ref/resource" -> new ResourceReference(reference.text("uri"));
            case "ref/prompt" -> new PromptReference(reference.text("name"));
            default -> throw new IllegalArgumentException("\"ref\" has an unknown type");
        };
    }

    private LoggingLevel level() {
        String name = text("level").toUpperCase(Locale.ROOT);
        return Stream.of(LoggingLevel.values()).filter(level -> level.name().equals(name)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("\"level\" is not a log level"));
    }

    private String text(String name) {
        if (values.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("\"" + name + "\" must be a string");
    }

    private Map<String, Object> requireObject(String name) {
        Map<String, Object> object = object(name);
        if (object == null) {
            throw new IllegalArgumentException("\"" + name + "\" is missing");
        }
        return object;
    }

    /** JSON objects have string keys, so the cast cannot go wrong. */
    @SuppressWarnings("unchecked")
    private Map<String, Object> object(String name) {
        Object value = values.get(name);
        if (value == null || value instanceof Map) {
            return (Map<String, Object>) value;
        }
        throw new IllegalArgumentException("\"" + name + "\" must be an object");
    }
}

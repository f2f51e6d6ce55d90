package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.InputResponse;
import dev.gatehouse.mcp.api.Inputs;
import dev.gatehouse.mcp.schema.SchemaCompiler;
import dev.gatehouse.mcp.schema.ToolSchema;
import io.vertx.core.Future;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks that the answers of a client fit the questions (MCP, elicitation, sampling, roots), so that no tool gets one that does not. */
public final class CheckedInputs implements Inputs {

    private static final Set<String> ACTIONS = Set.of("accept", "decline", "cancel");
    private static final Set<String> ROLES = Set.of("user", "assistant");

    private final Inputs inputs;
    private final SchemaCompiler compiler;

    /**
     * Wraps inputs.
     *
     * @param inputs the inputs
     * @param compiler compiles the schemas of the questions
     */
    public CheckedInputs(Inputs inputs, SchemaCompiler compiler) {
        this.inputs = inputs;
        this.compiler = compiler;
    }

    @Override
    public boolean canAnswer(InputRequest request) {
        return inputs.canAnswer(request);
    }

    @Override
    public Future<Map<String, InputResponse>> ask(Map<String, InputRequest> requests) {
        return inputs.ask(requests).map(answers -> {
            requests.forEach((key, request) -> require(request, answers.get(key)));
            return answers;
        });
    }

    @Override
    public Future<InputResponse> askAgain(String key, InputRequest request) {
        return inputs.askAgain(key, request).map(answer -> {
            require(request, answer);
            return answer;
        });
    }

    @Override
    public void keep(String name, Object value) {
        inputs.keep(name, value);
    }

    @Override
    public Optional<Object> kept(String name) {
        return inputs.kept(name);
    }

    private void require(InputRequest request, InputResponse answer) {
        problem(request, answer.result()).ifPresent(problem -> {
            throw new CallRefused("The client's answer to " + request.method() + " does not fit the request: " + problem);
        });
    }

    private Optional<String> problem(InputRequest request, Map<String, Object> answer) {
        return switch (request.method()) {
            case "elicitation/create" -> ofElicitation(request, answer);
            case "sampling/createMessage" -> isOneOf(ROLES, answer.get("role")) && answer.get("model") instanceof String
                && isContent(answer.get("content")) ? Optional.empty() : Optional.of("it needs role, content and model");
            default -> answer.get("roots") instanceof List<?> roots && roots.stream().allMatch(CheckedInputs::isRoot)
                ? Optional.empty() : Optional.of("it needs roots, each with a file URI");
        };
    }

    private Optional<String> ofElicitation(InputRequest request, Map<String, Object> answer) {
        if (!isOneOf(ACTIONS, answer.get("action"))) {
            return Optional.of("its action must be accept, decline or cancel");
        }
        return "accept".equals(answer.get("action")) && request.params().get("requestedSchema") instanceof Map<?, ?> schema
            ? ofForm(schema, answer.get("content")) : Optional.empty();
    }

    @SuppressWarnings("unchecked")
    private Optional<String> ofForm(Map<?, ?> schema, Object content) {
        return content instanceof Map ? new ToolSchema(compiler, (Map<String, Object>) schema).fit((Map<String, Object>) content).problem()
            : Optional.of("an accepted form needs content");
    }

    private static boolean isOneOf(Set<String> words, Object word) {
        return word instanceof String && words.contains(word);
    }

    /** One block, or since revision 2025-11-25 several. */
    private static boolean isContent(Object content) {
        return content instanceof List<?> blocks ? blocks.stream().allMatch(CheckedInputs::isBlock) : isBlock(content);
    }

    private static boolean isBlock(Object content) {
        if (!(content instanceof Map<?, ?> block) || !(block.get("type") instanceof String type)) {
            return false;
        }
        return switch (type) {
            case "text" -> block.get("text") instanceof String;
            case "image", "audio" -> block.get("data") instanceof String && block.get("mimeType") instanceof String;
            default -> type.equals("tool_use") || type.equals("tool_result");
        };
    }

    private static boolean isRoot(Object root) {
        return root instanceof Map<?, ?> members && members.get("uri") instanceof String uri && uri.startsWith("file://")
            && (members.get("name") == null || members.get("name") instanceof String);
    }
}

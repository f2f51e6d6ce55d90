package dev.gatehouse.mcp.sdk;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.Inputs;
import dev.gatehouse.mcp.api.LogLevel;
import dev.gatehouse.mcp.api.ToolCall;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.spec.McpLoggableSession;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.vertx.core.Future;
import reactor.core.publisher.Mono;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A tool call as the session behind the exchange of the SDK. */
final class SdkSession implements McpLoggableSession {

    /** Stands for the client's own token, which the notifier knows. */
    static final String PROGRESS = "progress";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {
    };

    private final ToolCall call;
    private final AtomicInteger questions = new AtomicInteger();

    private SdkSession(ToolCall call) {
        this.call = call;
    }

    static McpAsyncServerExchange exchange(ToolCall call) {
        return new McpAsyncServerExchange("", new SdkSession(call), capabilities(call.inputs()), Implementation.builder("client", "unknown").build(),
            McpTransportContext.create(Map.of("caller", call.caller())));
    }

    private static ClientCapabilities capabilities(Inputs inputs) {
        ClientCapabilities.Builder capabilities = ClientCapabilities.builder();
        boolean forms = inputs.canAnswer(InputRequest.elicitation("", Map.of()));
        boolean pages = inputs.canAnswer(InputRequest.elicitationUrl("", ""));
        if (forms || pages) {
            capabilities.elicitation(forms, pages);
        }
        if (inputs.canAnswer(InputRequest.sampling(Map.of()))) {
            capabilities.sampling();
        }
        if (inputs.canAnswer(InputRequest.roots())) {
            capabilities.roots(false);
        }
        return capabilities.build();
    }

    /** The keys of questions are numbers, which are the same in each round if the tool asks the same questions. */
    @Override
    public <T> Mono<T> sendRequest(String method, Object params, TypeRef<T> type) {
        InputRequest question = question(method, params == null ? Map.of() : MAPPER.convertValue(params, OBJECT));
        String key = Integer.toString(questions.incrementAndGet());
        return mono(() -> call.inputs().ask(key, question)
            .map(answer -> MAPPER.convertValue(answer.result(), MAPPER.constructType(type.getType()))));
    }

    private static InputRequest question(String method, Map<String, Object> params) {
        return switch (method) {
            case "elicitation/create" -> new InputRequest(method, params, "url".equals(params.get("mode")) ? "elicitation.url" : "elicitation");
            case "sampling/createMessage" -> InputRequest.sampling(params);
            case "roots/list" -> InputRequest.roots();
            default -> throw new UnsupportedOperationException(method);
        };
    }

    @Override
    public Mono<Void> sendNotification(String method, Object params) {
        if (params instanceof LoggingMessageNotification log) {
            return mono(() -> call.notifier().log(LogLevel.valueOf(log.level().name()), log.logger(), log.data()));
        }
        return params instanceof ProgressNotification progress
            ? mono(() -> call.notifier().progress(progress.progress(), progress.total(), progress.message())) : Mono.empty();
    }

    private static <T> Mono<T> mono(Supplier<Future<T>> work) {
        return Mono.create(sink -> work.get().onComplete(sink::success, sink::error));
    }

    @Override
    public void setMinLoggingLevel(LoggingLevel level) {
        throw new UnsupportedOperationException("The client sets the level");
    }

    /** The notifier knows the level that the client wants. */
    @Override
    public boolean isNotificationForLevelAllowed(LoggingLevel level) {
        return true;
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }

    @Override
    public void close() {
        // The call has its own end.
    }
}

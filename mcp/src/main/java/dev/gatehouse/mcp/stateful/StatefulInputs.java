package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.InputResponse;
import dev.gatehouse.mcp.api.Inputs;
import dev.gatehouse.mcp.api.InputsUnsupported;
import dev.gatehouse.mcp.jsonrpc.KeptValues;
import dev.gatehouse.mcp.jsonrpc.WireMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitUrlRequest;
import io.vertx.core.Future;
import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** Asks the client by requests of the server, while the call runs. */
final class StatefulInputs implements Inputs {

    private static final TypeRef<Map<String, Object>> OBJECT = new TypeRef<>() {
    };

    private final McpAsyncServerExchange exchange;
    private final StatefulContext context;
    private final WireMapper mapper;
    private final Duration limit;
    private final KeptValues kept;

    /** @param limit of the wait for an answer */
    StatefulInputs(McpAsyncServerExchange exchange, StatefulContext context, WireMapper mapper, Duration limit) {
        this.kept = mapper.keptValues();
        this.exchange = exchange;
        this.context = context;
        this.mapper = mapper;
        this.limit = limit;
    }

    @Override
    public boolean canAnswer(InputRequest request) {
        ClientCapabilities declared = exchange.getClientCapabilities();
        if (declared == null) {
            return false;
        }
        return switch (request.capability()) {
            // A client that says no more than "elicitation" means forms.
            case "elicitation" -> declared.elicitation() != null
                && (declared.elicitation().form() != null || declared.elicitation().url() == null);
            case "elicitation.url" -> declared.elicitation() != null && declared.elicitation().url() != null;
            case "sampling.tools" -> context.session().declaresSamplingTools();
            case "sampling" -> declared.sampling() != null;
            case "roots" -> declared.roots() != null;
            default -> false;
        };
    }

    @Override
    public Future<Map<String, InputResponse>> ask(Map<String, InputRequest> requests) {
        for (InputRequest request : requests.values()) {
            if (!canAnswer(request)) {
                return Future.failedFuture(new InputsUnsupported(request.capability()));
            }
        }
        Map<String, Future<Object>> asked = new LinkedHashMap<>();
        requests.forEach((key, request) -> asked.put(key, send(request)
            .recover(failure -> Future.failedFuture(unanswered(request, failure)))));
        return Future.all(List.copyOf(asked.values())).map(all -> {
            Map<String, InputResponse> answers = new LinkedHashMap<>();
            asked.forEach((key, answer) -> answers.put(key, new InputResponse(mapper.convertValue(answer.result(), OBJECT))));
            return answers;
        });
    }

    /** The call runs through, so that it is the tool's for as long as it runs. */
    @Override
    public void keep(String name, Object value) {
        kept.keep(name, value);
    }

    @Override
    public Optional<Object> kept(String name) {
        return kept.get(name);
    }

    /** What a client does not answer is no failure of this server. */
    private static RuntimeException unanswered(InputRequest request, Throwable failure) {
        String reason = failure instanceof McpError ? "what it sent is an error, or malformed"
            : failure instanceof TimeoutException ? "nothing came in time" : "it is gone";
        return new CallRefused("The client did not answer " + request.method() + ": " + reason);
    }

    private Future<Object> send(InputRequest request) {
        return switch (request.capability()) {
            case "elicitation" -> subscribe(exchange.createElicitation(mapper.convertValue(request.params(), ElicitFormRequest.class)));
            case "elicitation.url" -> subscribe(exchange.createElicitation(mapper.convertValue(request.params(), ElicitUrlRequest.class)));
            case "sampling" -> subscribe(exchange.createMessage(mapper.convertValue(request.params(), CreateMessageRequest.class)));
            case "sampling.tools" -> context.session().ask(context.reply(), request.method(), request.params(), limit);
            default -> subscribe(exchange.listRoots());
        };
    }

    private static Future<Object> subscribe(Mono<?> question) {
        return Monos.subscribe(question.cast(Object.class));
    }
}

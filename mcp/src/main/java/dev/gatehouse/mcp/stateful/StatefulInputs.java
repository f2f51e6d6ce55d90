package dev.gatehouse.mcp.stateful;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.InputResponse;
import dev.gatehouse.mcp.api.Inputs;
import dev.gatehouse.mcp.api.InputsUnsupported;
import dev.gatehouse.mcp.feature.PendingRequest;
import dev.gatehouse.mcp.jsonrpc.CallState;
import io.modelcontextprotocol.spec.McpError;
import io.vertx.core.Future;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** Asks the client by requests of the server, while the call runs. */
final class StatefulInputs implements Inputs {

    private final StatefulSession<?> session;
    private final PendingRequest request;
    private final CallState state;

    StatefulInputs(StatefulSession<?> session, PendingRequest request, ObjectMapper mapper) {
        this.session = session;
        this.request = request;
        this.state = new CallState(Map.of(), mapper);
    }

    @Override
    public boolean canAnswer(InputRequest question) {
        return session.client().declares(question.capability());
    }

    @Override
    public Future<Map<String, InputResponse>> ask(Map<String, InputRequest> questions) {
        for (InputRequest question : questions.values()) {
            if (!canAnswer(question)) {
                return Future.failedFuture(new InputsUnsupported(question.capability()));
            }
        }
        Map<String, Future<InputResponse>> asked = new LinkedHashMap<>();
        questions.forEach((key, question) -> asked.put(key, send(question)));
        return Future.all(List.copyOf(asked.values())).map(all -> {
            Map<String, InputResponse> answers = new LinkedHashMap<>();
            asked.forEach((key, answer) -> answers.put(key, answer.result()));
            return answers;
        });
    }

    private Future<InputResponse> send(InputRequest question) {
        return session.ask(request, question.method(), question.params()).map(answer -> response(question, answer))
            .recover(failure -> Future.failedFuture(unanswered(question, failure)));
    }

    /** JSON objects have string keys, so the cast cannot fail. */
    @SuppressWarnings("unchecked")
    private static InputResponse response(InputRequest question, Object answer) {
        if (answer instanceof Map) {
            return new InputResponse((Map<String, Object>) answer);
        }
        throw new CallRefused("The client's answer to " + question.method() + " is not an object");
    }

    /** A client that does not answer is no failure of this server. */
    private static RuntimeException unanswered(InputRequest question, Throwable failure) {
        if (failure instanceof CallRefused refused) {
            return refused;
        }
        String reason = failure instanceof McpError ? "it sent an error" : failure instanceof TimeoutException ? "nothing came in time" : "it has disconnected";
        return new CallRefused("The client did not answer " + question.method() + ": " + reason);
    }

    /** The call runs through, so its state needs no client to carry it. */
    @Override
    public void keep(String name, Object value) {
        state.keep(name, value);
    }

    @Override
    public Optional<Object> kept(String name) {
        return state.get(name);
    }
}

package dev.gatehouse.mcp.stateless;

import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.InputResponse;
import dev.gatehouse.mcp.api.Inputs;
import dev.gatehouse.mcp.api.InputsUnsupported;
import dev.gatehouse.mcp.feature.DeclaredCapabilities;
import dev.gatehouse.mcp.jsonrpc.CallState;
import dev.gatehouse.mcp.jsonrpc.InputRequired;
import io.vertx.core.Future;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Answers from the inputs that the request has brought, and from those of earlier rounds; asks by ending the call. */
final class StatelessInputs implements Inputs {

    private final DeclaredCapabilities client;
    private final Map<String, Map<String, Object>> answers;
    private final CallState kept;

    /** @param answers by key, of this round and those before */
    StatelessInputs(DeclaredCapabilities client, Map<String, Map<String, Object>> answers, CallState kept) {
        this.client = client;
        this.kept = kept;
        this.answers = answers;
    }

    DeclaredCapabilities client() {
        return client;
    }

    /** All answers so far, to be kept for the next round. */
    Map<String, Map<String, Object>> answers() {
        return answers;
    }

    /** All that the tool keeps, for the next round. */
    Map<String, Object> kept() {
        return kept.all();
    }

    @Override
    public void keep(String name, Object value) {
        kept.keep(name, value);
    }

    @Override
    public Optional<Object> kept(String name) {
        return kept.get(name);
    }

    @Override
    public Future<InputResponse> askAgain(String key, InputRequest request) {
        answers.remove(key);
        return ask(key, request);
    }

    @Override
    public boolean canAnswer(InputRequest request) {
        return client.declares(request.capability());
    }

    @Override
    public Future<Map<String, InputResponse>> ask(Map<String, InputRequest> requests) {
        Map<String, InputResponse> found = new LinkedHashMap<>();
        Map<String, InputRequest> open = new LinkedHashMap<>();
        for (Map.Entry<String, InputRequest> each : requests.entrySet()) {
            if (!canAnswer(each.getValue())) {
                return Future.failedFuture(new InputsUnsupported(each.getValue().capability()));
            }
            Map<String, Object> answer = answers.get(each.getKey());
            if (answer == null) {
                open.put(each.getKey(), each.getValue());
            } else {
                found.put(each.getKey(), new InputResponse(answer));
            }
        }
        return open.isEmpty() ? Future.succeededFuture(found) : Future.failedFuture(new InputRequired(open));
    }

    /** {@code inputResponses} of a request (2026-07-28, multi round-trip requests). */
    static final class InputResponses {

        private InputResponses() {
        }

        /** Reads answers by key. Throws {@link StatelessError} if they are ill-typed. */
        @SuppressWarnings("unchecked")
        static void read(Object responses, Map<String, Map<String, Object>> answers) {
            if (!(responses instanceof Map<?, ?> byKey)) {
                throw StatelessError.invalidParams("inputResponses must be an object");
            }
            byKey.forEach((key, answer) -> {
                if (!(answer instanceof Map)) {
                    throw StatelessError.invalidParams("inputResponses must have objects as members");
                }
                answers.put((String) key, (Map<String, Object>) answer);
            });
        }
    }
}

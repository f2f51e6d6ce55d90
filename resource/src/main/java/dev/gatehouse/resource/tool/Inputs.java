package dev.gatehouse.resource.tool;

import io.vertx.core.Future;

import java.util.Map;

/**
 * Asks the client for what a call needs to go on. Until revision 2025-11-25 the server asks while the call runs. From 2026-07-28
 * on the call ends with the questions and is made again with the answers: everything before a question runs again then, so
 * what must happen once belongs behind the last question. Answers of earlier rounds are kept, so code that asks one thing
 * after another is the same for all revisions.
 */
public interface Inputs {

    /** A client that answers nothing. */
    Inputs NONE = new Inputs() {
        @Override
        public boolean canAnswer(InputRequest request) {
            return false;
        }

        @Override
        public Future<Map<String, InputResponse>> ask(Map<String, InputRequest> requests) {
            return Future.failedFuture(new InputsUnsupported(requests.values().iterator().next().capability()));
        }
    };

    /** Whether the client has declared what the question needs. */
    boolean canAnswer(InputRequest request);

    /**
     * Asks several questions at once.
     *
     * @param requests by keys of the caller's choice, which tell the answers apart and must be the same each time; not empty
     * @return an answer for each key; fails with {@link InputsUnsupported} if the client cannot answer one of them
     */
    Future<Map<String, InputResponse>> ask(Map<String, InputRequest> requests);

    /** Asks one question. */
    default Future<InputResponse> ask(String key, InputRequest request) {
        return ask(Map.of(key, request)).map(answers -> answers.get(key));
    }
}

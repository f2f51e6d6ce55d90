package dev.gatehouse.mcp.api;

import io.vertx.core.Future;

import java.util.Map;
import java.util.Optional;

/**
 * Asks the client for input that a call needs. Until revision 2025-11-25 the server asks while the call runs. From 2026-07-28
 * on the call ends with the questions and is made again with the answers: everything before a question runs again then, so
 * an effect that must happen once belongs after the last question. Answers of earlier rounds are kept, so code that asks one thing
 * after another is the same for all revisions.
 */
public interface Inputs {

    /** Maximum size of the values that a call keeps, as JSON. */
    int KEPT_CHARACTERS = 8_192;

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

    /**
     * {@return whether the client has declared the capability that the question needs}
     *
     * @param request the question
     */
    boolean canAnswer(InputRequest request);

    /**
     * Asks several questions at once.
     *
     * @param requests by keys of the caller's choice, which tell the answers apart and must be the same each time; not empty
     * @return an answer for each key; fails with {@link InputsUnsupported} if the client cannot answer one of them
     */
    Future<Map<String, InputResponse>> ask(Map<String, InputRequest> requests);

    /**
     * Asks a question again, because the answer is not usable or the promised event has not happened yet. An accepted {@linkplain
     * InputRequest#elicitationUrl page} says that the user goes there, not that they are done.
     *
     * @param key the key of the question
     * @param request the question
     * @return the new answer
     */
    default Future<InputResponse> askAgain(String key, InputRequest request) {
        return ask(key, request);
    }

    /**
     * Keeps a small value of the tool until the call is made again with the answers. The client carries it, sealed, and may send it more than once
     * within ten minutes.
     *
     * @param name the name of the value
     * @param value text, number, truth value, or a map or list of such, returned as JSON has them; null removes the value
     * @throws CallRefused if all that the call keeps has more than {@value #KEPT_CHARACTERS} characters of JSON
     */
    default void keep(String name, Object value) {
        // It is not made again.
    }

    /**
     * {@return the value that {@link #keep} stored under that name, in this round of the call or an earlier one}
     *
     * @param name the name of the value
     */
    default Optional<Object> kept(String name) {
        return Optional.empty();
    }

    /**
     * Asks one question.
     *
     * @param key the key of the question, unique in this call
     * @param request the question
     * @return the answer
     */
    default Future<InputResponse> ask(String key, InputRequest request) {
        return ask(Map.of(key, request)).map(answers -> answers.get(key));
    }
}

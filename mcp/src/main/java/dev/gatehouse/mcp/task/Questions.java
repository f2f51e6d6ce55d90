package dev.gatehouse.mcp.task;

import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.InputResponse;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The questions and answers of a task by key; each key is used once (tasks, task update requests). Guarded by the task. */
final class Questions {

    private final Map<String, InputRequest> open = new LinkedHashMap<>();
    private final Map<String, InputResponse> answers = new HashMap<>();
    private final List<Question> waiting = new ArrayList<>();

    Questions(Map<String, InputResponse> answers) {
        this.answers.putAll(answers);
    }

    /** Answers a question if all of it is known, else asks for what is not; false then. */
    boolean ask(Question question, Map<String, InputRequest> requests) {
        if (question.isAnsweredBy(answers)) {
            question.answer(answers);
            return true;
        }
        requests.forEach((key, request) -> {
            if (!answers.containsKey(key)) {
                open.putIfAbsent(key, request);
            }
        });
        waiting.add(question);
        return false;
    }

    /** The next question of that key is asked, though it has been answered. */
    void forget(String key) {
        answers.remove(key);
    }

    boolean isAnyOpen() {
        return !open.isEmpty();
    }

    boolean isAnyOpen(Set<String> keys) {
        return keys.stream().anyMatch(open::containsKey);
    }

    /** Takes the answers to what is open; {@link #answerAll} goes on with what waited for them. */
    void take(Map<String, InputResponse> given) {
        given.forEach((key, answer) -> {
            if (open.remove(key) != null) {
                answers.put(key, answer);
            }
        });
    }

    void answerAll() {
        List<Question> answered = waiting.stream().filter(question -> question.isAnsweredBy(answers)).toList();
        waiting.removeAll(answered);
        answered.forEach(question -> question.answer(answers));
    }

    /** Nothing will be answered any more. */
    void end() {
        open.clear();
        answers.clear();
        waiting.forEach(question -> question.fail(new CallRefused("The task has ended")));
        waiting.clear();
    }

    /** As {@code inputRequests}: what is open. */
    Map<String, Object> onWire() {
        Map<String, Object> requests = new LinkedHashMap<>();
        open.forEach((key, request) -> requests.put(key, request.onWire()));
        return requests;
    }

    /** Questions that a running task has asked together. The task continues on its own context. */
    static final class Question {

        private final Set<String> keys;
        private final Promise<Map<String, InputResponse>> promise = Promise.promise();
        private final Context context = Vertx.currentContext();

        Question(Set<String> keys) {
            this.keys = Set.copyOf(keys);
        }

        Future<Map<String, InputResponse>> future() {
            return promise.future();
        }

        boolean isAnsweredBy(Map<String, InputResponse> answers) {
            return answers.keySet().containsAll(keys);
        }

        void answer(Map<String, InputResponse> answers) {
            Map<String, InputResponse> own = new HashMap<>();
            keys.forEach(key -> own.put(key, answers.get(key)));
            goOn(() -> promise.complete(own));
        }

        void fail(RuntimeException failure) {
            goOn(() -> promise.fail(failure));
        }

        private void goOn(Runnable end) {
            if (context == null) {
                end.run();
            } else {
                context.runOnContext(there -> end.run());
            }
        }
    }
}

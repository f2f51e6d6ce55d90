package dev.gatehouse.mcp.task;

import dev.gatehouse.mcp.api.InputResponse;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What a running task has asked at once. It goes on where it asked, whoever brings the answers. */
final class Question {

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

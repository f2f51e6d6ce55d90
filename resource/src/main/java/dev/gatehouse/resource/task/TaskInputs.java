package dev.gatehouse.resource.task;

import dev.gatehouse.resource.tool.InputRequest;
import dev.gatehouse.resource.tool.InputResponse;
import dev.gatehouse.resource.tool.Inputs;
import dev.gatehouse.resource.tool.InputsUnsupported;
import io.vertx.core.Future;

import java.util.Map;
import java.util.function.Predicate;

/** Asks by having the task wait for input, which the client sees when it looks at the task. */
public final class TaskInputs implements Inputs {

    private final RunningTask task;
    private final Predicate<InputRequest> answerable;

    /** @param answerable what the client declared with the call */
    public TaskInputs(RunningTask task, Predicate<InputRequest> answerable) {
        this.task = task;
        this.answerable = answerable;
    }

    @Override
    public boolean canAnswer(InputRequest request) {
        return answerable.test(request);
    }

    @Override
    public Future<Map<String, InputResponse>> ask(Map<String, InputRequest> requests) {
        for (InputRequest request : requests.values()) {
            if (!canAnswer(request)) {
                return Future.failedFuture(new InputsUnsupported(request.capability()));
            }
        }
        return task.ask(requests);
    }
}

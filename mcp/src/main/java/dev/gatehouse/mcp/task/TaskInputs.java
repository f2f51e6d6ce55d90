package dev.gatehouse.mcp.task;

import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.InputResponse;
import dev.gatehouse.mcp.api.Inputs;
import dev.gatehouse.mcp.api.InputsUnsupported;
import io.vertx.core.Future;

import java.util.Map;
import java.util.Optional;

/** Asks by having the task wait for input, which the client sees when it looks at the task. */
public final class TaskInputs implements Inputs {

    private final RunningTask task;
    private final Inputs ofCall;

    /** @param ofCall of the call that has become the task: what its client declared, and what the tool keeps */
    public TaskInputs(RunningTask task, Inputs ofCall) {
        this.task = task;
        this.ofCall = ofCall;
    }

    @Override
    public boolean canAnswer(InputRequest request) {
        return ofCall.canAnswer(request);
    }

    @Override
    public Future<InputResponse> askAgain(String key, InputRequest request) {
        return canAnswer(request) ? task.askAgain(key, request) : Future.failedFuture(new InputsUnsupported(request.capability()));
    }

    @Override
    public void keep(String name, Object value) {
        ofCall.keep(name, value);
    }

    @Override
    public Optional<Object> kept(String name) {
        return ofCall.kept(name);
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

package dev.gatehouse.mcp.stateless;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.mcp.api.InputResponse;
import dev.gatehouse.mcp.stateless.StatelessInputs.InputResponses;
import dev.gatehouse.mcp.stateless.StatelessServer.StatelessMethod;
import dev.gatehouse.mcp.task.RunningTask;
import dev.gatehouse.mcp.task.TaskStore;
import io.vertx.core.Future;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code tasks/get}, {@code tasks/update} and {@code tasks/cancel} (extension {@code io.modelcontextprotocol/tasks}). */
final class TaskMethods {

    private final TaskStore store;
    private final ObjectMapper mapper;

    TaskMethods(TaskStore store, ObjectMapper mapper) {
        this.store = store;
        this.mapper = mapper;
    }

    void addTo(Map<String, StatelessMethod> methods) {
        methods.put("tasks/get", request -> Future.succeededFuture(required(request).detail()));
        methods.put("tasks/update", this::update);
        methods.put("tasks/cancel", request -> {
            required(request).cancel();
            return Future.succeededFuture(Map.of());
        });
    }

    private Future<Map<String, Object>> update(StatelessRequest request) {
        RunningTask task = required(request);
        Map<String, Map<String, Object>> answers = new LinkedHashMap<>();
        InputResponses.read(request.params().get("inputResponses"), answers);
        Map<String, InputResponse> responses = new LinkedHashMap<>();
        answers.forEach((key, answer) -> responses.put(key, new InputResponse(answer)));
        if (!task.update(responses, size(answers))) {
            throw StatelessError.tooMany("Your tasks use too much memory: fetch their results, or wait until they have expired");
        }
        return Future.succeededFuture(Map.of());
    }

    private long size(Object answers) {
        try {
            return mapper.writeValueAsString(answers).length();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON that was read can be written", e);
        }
    }

    /** Another caller's task is unknown, as one that does not exist. */
    private RunningTask required(StatelessRequest request) {
        if (!request.envelope().client().declaresExtension(TaskCalls.EXTENSION)) {
            throw StatelessError.missingExtension(TaskCalls.EXTENSION);
        }
        if (!(request.params().get("taskId") instanceof String id)) {
            throw StatelessError.invalidParams("\"taskId\" must be a string");
        }
        return store.find(id, request.caller())
            .orElseThrow(() -> StatelessError.invalidParams("Unknown task: it does not exist, or it has expired"));
    }
}

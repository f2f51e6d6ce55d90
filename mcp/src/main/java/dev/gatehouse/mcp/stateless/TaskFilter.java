package dev.gatehouse.mcp.stateless;

import dev.gatehouse.mcp.task.RunningTask;
import dev.gatehouse.mcp.task.TaskStore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The tasks that a subscription is about (extension {@code io.modelcontextprotocol/tasks}, task status notifications). */
final class TaskFilter {

    private static final String MEMBER = "taskIds";
    private static final int MAXIMUM = 100;

    private final List<RunningTask> tasks = new ArrayList<>();
    private final boolean asked;

    /** Reads what was asked for. Throws {@link StatelessError} if it is ill-typed, or the client does not declare the extension. */
    TaskFilter(StatelessRequest request, TaskStore store) {
        Object wanted = ((Map<?, ?>) request.params().get("notifications")).get(MEMBER);
        asked = wanted != null;
        if (asked) {
            read(wanted, request, store);
        }
    }

    private void read(Object wanted, StatelessRequest request, TaskStore store) {
        if (!request.envelope().client().declaresExtension(TaskCalls.EXTENSION)) {
            throw StatelessError.missingExtension(TaskCalls.EXTENSION);
        }
        if (!(wanted instanceof List<?> ids) || ids.size() > MAXIMUM) {
            throw StatelessError.invalidParams("\"taskIds\" must be an array of at most " + MAXIMUM + " strings");
        }
        for (Object each : ids) {
            if (!(each instanceof String id)) {
                throw StatelessError.invalidParams("\"taskIds\" must have strings");
            }
            store.find(id, request.caller()).filter(task -> !tasks.contains(task)).ifPresent(tasks::add);
        }
    }

    /** Adds the part of what was asked for that is honoured. */
    void addTo(Map<String, Object> accepted) {
        if (asked) {
            accepted.put(MEMBER, tasks.stream().map(RunningTask::id).toList());
        }
    }

    /** Tells of each as it is and as it becomes: a client that asks late need not ask again. */
    void begin(Consumer<Map<String, Object>> listener) {
        tasks.forEach(task -> task.listen(listener));
    }

    void end(Consumer<Map<String, Object>> listener) {
        tasks.forEach(task -> task.unlisten(listener));
    }
}

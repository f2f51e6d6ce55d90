package dev.gatehouse.mcp.stateless;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.feature.Change;
import dev.gatehouse.mcp.feature.Changes;
import dev.gatehouse.mcp.feature.McpEngine;
import dev.gatehouse.mcp.stateless.StatelessServer.StatelessMethod;
import dev.gatehouse.mcp.task.RunningTask;
import dev.gatehouse.mcp.task.TaskStore;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;

/** {@code subscriptions/listen}: tells a client what changes, until it goes, or the server does (2026-07-28, subscriptions). */
final class Listen implements StatelessMethod {

    private static final String SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";
    private final McpEngine engine;
    private final TaskStore tasks;
    private final int perCaller;
    private final Map<String, Deque<StatelessRequest>> underWay = new ConcurrentHashMap<>();

    /** @param perCaller subscriptions of one user and client at once; each takes as many kinds and resources as it likes */
    Listen(McpEngine engine, TaskStore tasks, int perCaller) {
        this.engine = engine;
        this.tasks = tasks;
        this.perCaller = perCaller;
    }

    @Override
    public Future<Map<String, Object>> run(StatelessRequest request) {
        Caller caller = request.caller();
        NotificationFilter filter = NotificationFilter.of(request.params().get("notifications"), engine.registry(), caller);
        TaskFilter watched = new TaskFilter(request, tasks);
        watched.addTo(filter.accepted());
        String owner = caller instanceof Principal principal ? principal.userKey() + ' ' + principal.clientId() : "";
        begin(owner, request);
        Map<String, Object> meta = Map.of(Meta.MEMBER, Map.of(SUBSCRIPTION, request.raw().id()));
        Promise<Map<String, Object>> result = Promise.promise();
        request.send(new JSONRPCNotification("2.0", "notifications/subscriptions/acknowledged", with(meta, "notifications", filter.accepted())));
        Changes.Subscription subscription = subscribe(caller, change -> {
            if (filter.passes(change) && isFor(change, caller)) {
                request.send(change.notification(meta));
            }
        });
        Consumer<Map<String, Object>> watcher = task -> request.send(new JSONRPCNotification("2.0", "notifications/tasks", joined(meta, task)));
        watched.begin(watcher);
        request.closing().onComplete(closing -> result.tryComplete(meta));
        request.cancelled().onComplete(gone -> result.tryComplete(meta));
        return result.future().onComplete(ended -> {
            subscription.cancel();
            watched.end(watcher);
            end(owner, request);
        });
    }

    private Changes.Subscription subscribe(Caller caller, Consumer<Change> listener) {
        return caller instanceof Principal principal ? engine.changes().subscribe(principal.userKey(), listener)
            : engine.changes().subscribe(listener);
    }

    /** Of too many, the oldest ends in order: the connection of a client that is gone may be there still. */
    private void begin(String owner, StatelessRequest request) {
        Deque<StatelessRequest> all = underWay.compute(owner, (same, before) -> {
            Deque<StatelessRequest> own = before == null ? new ConcurrentLinkedDeque<>() : before;
            own.addLast(request);
            return own;
        });
        if (all.size() > perCaller) {
            StatelessRequest oldest = all.pollFirst();
            if (oldest != null) {
                oldest.close();
            }
        }
    }

    private void end(String owner, StatelessRequest request) {
        underWay.computeIfPresent(owner, (same, own) -> {
            own.remove(request);
            return own.isEmpty() ? null : own;
        });
    }

    private static boolean isFor(Change change, Caller caller) {
        return caller instanceof Principal principal ? change.concerns(principal) : change.owner() == null;
    }

    private static Map<String, Object> with(Map<String, Object> meta, String name, Object value) {
        return joined(meta, Map.of(name, value));
    }

    private static Map<String, Object> joined(Map<String, Object> meta, Map<String, Object> members) {
        Map<String, Object> params = new LinkedHashMap<>(meta);
        params.putAll(members);
        return params;
    }

    /** The tasks that a subscription is about (extension {@code io.modelcontextprotocol/tasks}, task status notifications). */
    private static final class TaskFilter {

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
}

package dev.gatehouse.mcp.task;

import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.InputResponse;
import dev.gatehouse.mcp.task.Questions.Question;
import dev.gatehouse.mcp.task.TaskStore.TaskAccount;
import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * One task, from its creation until it is forgotten. Once it has ended it stays as it is. Safe for use from any thread; listeners
 * are told in the order of the changes, on the thread that makes them, and must not block.
 */
public final class RunningTask {

    private static final Logger LOG = LoggerFactory.getLogger(RunningTask.class);
    private static final long POLL_MILLIS = 1_000;

    private final String id;
    private final Owner owner;
    private final TaskAccount account;
    private final long createdAt;
    private final List<Consumer<Map<String, Object>>> listeners = new CopyOnWriteArrayList<>();
    private final Questions questions;
    private final Promise<Void> cancelled = CallerContext.promise();
    private TaskStatus status = TaskStatus.WORKING;
    private long updatedAt;
    private long kept;
    private String statusMessage;
    private String outcomeName;
    private Object outcome;

    /** The owner of a task: the same user through the same client, with a token of the same scopes. */
    record Owner(String key, Set<String> scopes) {

        boolean isReachedBy(String callerKey, Set<String> granted) {
            return key.equals(callerKey) && granted.containsAll(scopes);
        }
    }

    RunningTask(String id, Owner owner, TaskAccount account, Map<String, InputResponse> answers) {
        this.id = id;
        this.owner = owner;
        this.account = account;
        this.createdAt = account.now();
        this.updatedAt = createdAt;
        this.questions = new Questions(answers);
    }

    /** Returns the identifier of the task. */
    public String id() {
        return id;
    }

    long createdAt() {
        return createdAt;
    }

    Owner owner() {
        return owner;
    }

    /** As {@link #ask}, of what may have been answered. */
    Future<InputResponse> askAgain(String key, InputRequest request) {
        synchronized (this) {
            questions.forget(key);
        }
        return ask(Map.of(key, request)).map(answers -> answers.get(key));
    }

    /** Asks the client. A key that has been asked before has the answer that it had then. */

    Future<Map<String, InputResponse>> ask(Map<String, InputRequest> requests) {
        Question question = new Question(requests.keySet());
        synchronized (this) {
            if (status.isLast()) {
                question.fail(new CallRefused("The task has ended"));
            } else if (!questions.ask(question, requests)) {
                become(TaskStatus.INPUT_REQUIRED);
            }
        }
        return question.future();
    }

    /**
     * Takes answers. Those to nothing that is asked now are ignored (tasks, task update requests).
     *
     * @param size characters of all of them as JSON
     * @return false, and nothing is taken, if the task's owner keeps too much already
     */
    public synchronized boolean update(Map<String, InputResponse> given, long size) {
        if (!questions.isAnyOpen(given.keySet())) {
            return true;
        }
        if (!keep(size)) {
            return false;
        }
        questions.take(given);
        become(questions.isAnyOpen() ? TaskStatus.INPUT_REQUIRED : TaskStatus.WORKING);
        questions.answerAll();
        return true;
    }

    private boolean keep(long size) {
        if (!account.keep(size)) {
            return false;
        }
        kept += size;
        return true;
    }

    /**
     * The call has come to its result.
     *
     * @param size characters of it as JSON
     * @return false, and nothing has changed, if it is too much to keep
     */
    public synchronized boolean complete(Object result, long size) {
        if (!status.isLast()) {
            if (!keep(size)) {
                return false;
            }
            end(TaskStatus.COMPLETED, "result", result);
        }
        return true;
    }

    /**
     * The call has ended with an error of JSON-RPC.
     *
     * @param message what went wrong, for people
     */
    public synchronized void fail(Object error, String message) {
        if (!status.isLast()) {
            statusMessage = message;
        }
        end(TaskStatus.FAILED, "error", error);
    }

    /** The client cancels the task. The tool is notified, and its result is dropped. */
    public void cancel() {
        boolean ended;
        synchronized (this) {
            ended = !status.isLast();
            end(TaskStatus.CANCELLED, null, null);
        }
        if (ended) {
            cancelled.tryComplete();
        }
    }

    /** Completes, where the task was created, when it is cancelled or forgotten. It may never complete. */
    public Future<Void> cancelled() {
        return cancelled.future();
    }

    private void end(TaskStatus last, String name, Object value) {
        if (!status.isLast()) {
            outcomeName = name;
            outcome = value;
            become(last);
            questions.end();
        }
    }

    /** Forgotten: what it kept is given back. */
    void forget() {
        cancel();
        synchronized (this) {
            account.release(kept);
            listeners.clear();
        }
    }

    private void become(TaskStatus next) {
        status = next;
        updatedAt = Math.max(updatedAt, account.now());
        Map<String, Object> now = detail();
        for (Consumer<Map<String, Object>> listener : listeners) {
            try {
                listener.accept(now);
            } catch (RuntimeException e) {
                // One that cannot be told is no reason for the task to stop.
                LOG.error("A listener failed", e);
            }
        }
    }

    /** Tells of what the task is now, and of what it becomes until it is forgotten or the listener is {@link #unlisten removed}. */
    public synchronized void listen(Consumer<Map<String, Object>> listener) {
        listeners.add(listener);
        listener.accept(detail());
    }

    /** Removes a listener of status changes. */
    public void unlisten(Consumer<Map<String, Object>> listener) {
        listeners.remove(listener);
    }

    /** As {@code Task} of the extension: without what depends on its status. */
    public synchronized Map<String, Object> summary() {
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("taskId", id);
        task.put("status", status.wireName());
        if (statusMessage != null) {
            task.put("statusMessage", statusMessage);
        }
        task.put("createdAt", Instant.ofEpochMilli(createdAt).toString());
        task.put("lastUpdatedAt", Instant.ofEpochMilli(updatedAt).toString());
        task.put("ttlMs", TaskStore.LIFETIME_MILLIS);
        task.put("pollIntervalMs", POLL_MILLIS);
        return task;
    }

    /** As {@code DetailedTask}: with what it waits for, or what came of it. */
    public synchronized Map<String, Object> detail() {
        Map<String, Object> task = summary();
        if (status == TaskStatus.INPUT_REQUIRED) {
            task.put("inputRequests", questions.onWire());
        } else if (outcomeName != null) {
            task.put(outcomeName, outcome);
        }
        return task;
    }

    /** The status of a task (tasks, task status). */
    enum TaskStatus {

        WORKING("working"), INPUT_REQUIRED("input_required"), COMPLETED("completed"), FAILED("failed"), CANCELLED("cancelled");

        private final String wireName;

        TaskStatus(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }

        /** Returns true for a final status. */
        boolean isLast() {
            return this != WORKING && this != INPUT_REQUIRED;
        }
    }
}

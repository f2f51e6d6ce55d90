package dev.gatehouse.mcp.task;

import dev.gatehouse.mcp.api.Anonymous;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.InputResponse;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.shared.secret.SecretToken;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The tasks of one server process, each kept for an hour from its creation and known to its owner alone. None is forgotten
 * earlier: when there are too many, there are no new ones. They end with the process. Safe for use from any thread.
 */
public final class TaskStore {

    static final long LIFETIME_MILLIS = 3_600_000;
    private static final int TOTAL = 2_000;
    private static final int PER_OWNER = 100;

    private final Clock clock;
    private final AtomicLong kept = new AtomicLong();
    /** In order of creation, which is the order in which they are forgotten. */
    private final Map<String, RunningTask> tasks = new LinkedHashMap<>();
    private final Map<String, TaskAccount> accounts = new HashMap<>();

    /** @param clock decides when tasks expire */
    public TaskStore(Clock clock) {
        this.clock = clock;
    }

    /** Ends and forgets those whose time is over. To be called every few seconds. */
    public void sweep() {
        forgetBefore(clock.millis() - LIFETIME_MILLIS);
    }

    /** Ends and forgets all: the server stops. */
    public void close() {
        forgetBefore(Long.MAX_VALUE);
    }

    /**
     * Creates a task.
     *
     * @param scopes  that the caller needs to fetch the result
     * @param answers that the client has given before
     * @return empty if there are too many, of this caller or in all
     */
    public Optional<RunningTask> create(Caller caller, Set<String> scopes, Map<String, InputResponse> answers) {
        sweep();
        synchronized (this) {
            String owner = key(caller);
            TaskAccount account = accounts.computeIfAbsent(owner, first -> new TaskAccount(clock, kept));
            if (tasks.size() >= TOTAL || account.tasks >= PER_OWNER) {
                dropIfUnused(owner);
                return Optional.empty();
            }
            account.tasks++;
            RunningTask task = new RunningTask(SecretToken.generate(""), new RunningTask.Owner(owner, Set.copyOf(scopes)), account, answers);
            tasks.put(task.id(), task);
            return Optional.of(task);
        }
    }

    /** The task, if it is there and this caller may have it. */
    public Optional<RunningTask> find(String id, Caller caller) {
        sweep();
        RunningTask task;
        synchronized (this) {
            task = tasks.get(id);
        }
        return Optional.ofNullable(task).filter(found -> found.owner().isReachedBy(key(caller), scopes(caller)));
    }

    /** The number of tasks. */
    public synchronized int size() {
        return tasks.size();
    }

    private static String key(Caller caller) {
        return caller instanceof Principal principal ? principal.userKey() + ' ' + principal.clientId() : Anonymous.class.getName();
    }

    private static Set<String> scopes(Caller caller) {
        return caller instanceof Principal principal ? principal.scopes() : Set.of();
    }

    /** Removed outside the lock, because this notifies listeners. */
    private void forgetBefore(long end) {
        List<RunningTask> old = new ArrayList<>();
        synchronized (this) {
            Iterator<RunningTask> oldest = tasks.values().iterator();
            while (oldest.hasNext()) {
                RunningTask task = oldest.next();
                if (task.createdAt() > end) {
                    break;
                }
                oldest.remove();
                old.add(task);
                accounts.get(task.owner().key()).tasks--;
                dropIfUnused(task.owner().key());
            }
        }
        old.forEach(RunningTask::forget);
    }

    private void dropIfUnused(String owner) {
        accounts.computeIfPresent(owner, (same, account) -> account.tasks == 0 ? null : account);
    }

    /** The memory of one owner's tasks, bounded for the owner and for all owners together. Safe for use from any thread. */
    static final class TaskAccount {

        private static final long OWNER_LIMIT = 16L << 20;
        private static final long TOTAL_LIMIT = 128L << 20;

        private final Clock clock;
        private final AtomicLong total;
        private final AtomicLong kept = new AtomicLong();
        /** The number of tasks; guarded by the store. */
        int tasks;

        /** @param total of all owners */
        TaskAccount(Clock clock, AtomicLong total) {
            this.clock = clock;
            this.total = total;
        }

        /** The time in epoch milliseconds. */
        long now() {
            return clock.millis();
        }

        /** Takes room, in characters of JSON; false, and nothing is taken, if there is not so much. */
        boolean keep(long size) {
            if (kept.addAndGet(size) > OWNER_LIMIT) {
                kept.addAndGet(-size);
                return false;
            }
            if (total.addAndGet(size) > TOTAL_LIMIT) {
                release(size);
                return false;
            }
            return true;
        }

        void release(long size) {
            kept.addAndGet(-size);
            total.addAndGet(-size);
        }
    }
}

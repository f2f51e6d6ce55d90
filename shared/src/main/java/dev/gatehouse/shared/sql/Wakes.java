package dev.gatehouse.shared.sql;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The listeners of a database by the name of their feed. Thread-safe. */
final class Wakes {

    private final Map<String, List<Runnable>> listeners = new ConcurrentHashMap<>();

    /** Adds a listener and returns what removes it. */
    Runnable add(String feed, Runnable listener) {
        List<Runnable> all = listeners.computeIfAbsent(feed, first -> new CopyOnWriteArrayList<>());
        all.add(listener);
        return () -> all.remove(listener);
    }

    void wake(String feed) {
        listeners.getOrDefault(feed, List.of()).forEach(Runnable::run);
    }

    void wakeAll() {
        listeners.keySet().forEach(this::wake);
    }
}

package dev.gatehouse.shared.sql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A bounded queue between any threads and the threads that serve it. Refuses instead of waiting when it is full. */
final class WorkQueue<T> {

    private final String name;
    private final int capacity;
    private final ArrayDeque<T> items = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private boolean closed;

    WorkQueue(String name, int capacity) {
        this.name = name;
        this.capacity = capacity;
    }

    /** Adds an item. Throws {@link StoreUnavailableException} when the queue is full or closed. */
    void add(T item) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreUnavailableException("The database is closed: " + name);
            }
            if (items.size() >= capacity) {
                throw new StoreUnavailableException("Too much work waits for the database: " + name);
            }
            items.add(item);
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for work and takes up to {@code most} items; none only when the queue is closed and served to its end. */
    List<T> take(int most) {
        lock.lock();
        try {
            while (items.isEmpty() && !closed) {
                arrived.awaitUninterruptibly();
            }
            List<T> taken = new ArrayList<>(Math.min(most, items.size()));
            while (taken.size() < most && !items.isEmpty()) {
                taken.add(items.poll());
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses further items; those that wait are still served. */
    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }
}

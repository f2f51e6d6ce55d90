package dev.gatehouse.shared.sql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A bounded queue. It rejects items when it is full instead of waiting. Thread-safe. */
final class WorkQueue<T> {

    private final String name;
    private final int capacity;
    private final ArrayDeque<T> items = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition gathered = lock.newCondition();
    private int wanted = Integer.MAX_VALUE;
    private boolean closed;

    WorkQueue(String name, int capacity) {
        this.name = name;
        this.capacity = capacity;
    }

    /** Adds an item. @throws StoreUnavailableException if the queue is full or closed */
    void add(T item) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreUnavailableException("The database is closed: " + name);
            }
            if (items.size() >= capacity) {
                throw new StoreUnavailableException("Too many requests wait for the database: " + name);
            }
            items.add(item);
            arrived.signal();
            if (items.size() >= wanted) {
                gathered.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for items and takes up to {@code most}; returns none only if the queue is closed and empty. */
    List<T> take(int most) {
        lock.lock();
        try {
            awaitFirst();
            return poll(most);
        } finally {
            lock.unlock();
        }
    }

    /**
     * As {@link #take(int)}, but waits briefly for more items after the first. Only one thread of the queue may call this.
     *
     * @param expected the number of items to wait for
     * @param patienceNanos the longest wait
     */
    List<T> gather(int most, int expected, long patienceNanos) {
        lock.lock();
        try {
            awaitFirst();
            awaitMore(Math.min(most, expected), patienceNanos);
            return poll(most);
        } finally {
            lock.unlock();
        }
    }

    private void awaitFirst() {
        while (items.isEmpty() && !closed) {
            arrived.awaitUninterruptibly();
        }
    }

    private void awaitMore(int enough, long patienceNanos) {
        long left = patienceNanos;
        wanted = enough;
        try {
            while (items.size() < enough && !closed && left > 0) {
                left = gathered.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            wanted = Integer.MAX_VALUE;
        }
    }

    private List<T> poll(int most) {
        List<T> taken = new ArrayList<>(Math.min(most, items.size()));
        while (taken.size() < most && !items.isEmpty()) {
            taken.add(items.poll());
        }
        return taken;
    }

    /** The number of waiting items. */
    int size() {
        lock.lock();
        try {
            return items.size();
        } finally {
            lock.unlock();
        }
    }

    /** Rejects further items; waiting items are still served. */
    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
            gathered.signalAll();
        } finally {
            lock.unlock();
        }
    }
}

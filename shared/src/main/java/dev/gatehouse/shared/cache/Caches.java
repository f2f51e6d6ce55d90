package dev.gatehouse.shared.cache;

import com.github.benmanes.caffeine.cache.Caffeine;

/** Creates caches. */
public final class Caches {

    private Caches() {
    }

    /**
     * {@return a builder for a cache that event loops read} Maintenance runs on the calling thread, a few microseconds at a time. Another thread
     * would be woken every few reads, which costs more than the maintenance on a machine with few cores.
     */
    public static Caffeine<Object, Object> builder() {
        return Caffeine.newBuilder().executor(Runnable::run);
    }
}

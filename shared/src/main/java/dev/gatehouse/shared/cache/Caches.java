package dev.gatehouse.shared.cache;

import com.github.benmanes.caffeine.cache.Caffeine;

/** How the caches of the servers are made. */
public final class Caches {

    private Caches() {
    }

    /**
     * A builder of a cache that event loops read. It keeps itself tidy on the thread that uses it, a few microseconds at a time:
     * handing that to another thread wakes one for every few reads, which on few cores costs more than the work itself.
     */
    public static Caffeine<Object, Object> builder() {
        return Caffeine.newBuilder().executor(Runnable::run);
    }
}

package dev.gatehouse.shared.http;

import com.github.benmanes.caffeine.cache.Cache;
import dev.gatehouse.shared.cache.Caches;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the memory of requests in progress and of unread responses, in total and per owner, so that no number of connections
 * exhausts the heap: a quarter of the heap in total, half of that per owner. Small requests may use another quarter of the limit,
 * so that they are served while large ones use up the rest. Thread-safe.
 */
public final class HeldMemory implements Shareable {

    private static final String MAP = "dev.gatehouse.held-memory";
    /** The largest size of a small request in bytes. */
    private static final int SMALL = 64 * 1024;

    private final long most;
    private final long mostOfOne;
    private final AtomicLong held = new AtomicLong();
    /** The bytes of each owner. An owner without shares is forgotten. */
    private final Cache<Object, AtomicLong> owners = Caches.builder().weakValues().build();

    /**
     * Creates an instance with a limit.
     *
     * @param most the limit in bytes
     */
    public HeldMemory(long most) {
        this.most = most;
        this.mostOfOne = most / 2;
    }

    /**
     * {@return the instance that all servers of a Vert.x share, with a limit of a quarter of the heap}
     *
     * @param vertx the Vert.x instance
     */
    public static HeldMemory of(Vertx vertx) {
        // Every request body comes here, and the map of this Vert.x is there already for all but the first.
        HeldMemory shared = vertx.sharedData().<String, HeldMemory>getLocalMap(MAP).get("");
        return shared == null ? of(vertx, Runtime.getRuntime().maxMemory() / 4) : shared;
    }

    /**
     * {@return the instance that all servers of a Vert.x share}
     *
     * @param vertx the Vert.x instance
     * @param most the limit in bytes, if there is no instance yet
     */
    public static HeldMemory of(Vertx vertx, long most) {
        return vertx.sharedData().<String, HeldMemory>getLocalMap(MAP).computeIfAbsent("", absent -> new HeldMemory(most));
    }

    /** {@return the number of bytes in use} */
    public long held() {
        return held.get();
    }

    /**
     * Creates an empty share of an owner.
     *
     * @param owner the owner; equal objects are the same owner
     * @return the share
     */
    public Share share(Object owner) {
        return new Share(owners.get(owner, first -> new AtomicLong()));
    }

    /** The memory of one request, stream or response. */
    public final class Share {

        private final AtomicLong ofOwner;
        private final AtomicLong mine = new AtomicLong();

        private Share(AtomicLong ofOwner) {
            this.ofOwner = ofOwner;
        }

        /**
         * Reserves bytes if the limits allow it.
         *
         * @param bytes the number of bytes
         * @return whether they were reserved
         */
        public boolean take(long bytes) {
            hold(bytes);
            if (isBeyond(mine.get() <= SMALL)) {
                giveBack(bytes);
                return false;
            }
            return true;
        }

        /**
         * Reserves bytes instead of the present ones if the limits allow it.
         *
         * @param bytes the number of bytes
         * @return whether they were reserved; if not, the present ones remain
         */
        public boolean replace(long bytes) {
            return take(bytes - mine.get());
        }

        /**
         * Holds bytes that are allocated already instead of the present ones, without a check of the limits.
         *
         * @param bytes the number of bytes
         */
        public void holdInstead(long bytes) {
            hold(bytes - mine.get());
        }

        /**
         * Adds bytes that are allocated already, without a check of the limits.
         *
         * @param bytes the number of bytes
         */
        public void hold(long bytes) {
            mine.addAndGet(bytes);
            ofOwner.addAndGet(bytes);
            held.addAndGet(bytes);
        }

        /**
         * Releases some bytes.
         *
         * @param bytes the number of bytes
         */
        public void giveBack(long bytes) {
            hold(-bytes);
        }

        /** {@return whether a limit is exceeded and this share is not small, so that its owner should free it} */
        public boolean isPressing() {
            return mine.get() > SMALL && isBeyond(false);
        }

        private boolean isBeyond(boolean isSmall) {
            long more = isSmall ? most / 4 : 0;
            return held.get() > most + more || ofOwner.get() > mostOfOne + more;
        }

        /**
         * Moves all bytes to a new share.
         *
         * @return the new share
         */
        public Share handOver() {
            Share next = new Share(ofOwner);
            next.mine.set(mine.getAndSet(0));
            return next;
        }

        /** Releases all bytes. Further calls have no effect. */
        public void release() {
            long rest = mine.getAndSet(0);
            if (rest != 0) {
                ofOwner.addAndGet(-rest);
                held.addAndGet(-rest);
            }
        }
    }
}

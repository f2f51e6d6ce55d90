package dev.gatehouse.shared.http;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Map<String, Long> byOwner = new ConcurrentHashMap<>();

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
     * @param owner the name of the owner
     * @return the share
     */
    public Share share(String owner) {
        return new Share(owner);
    }

    private void add(String owner, long bytes) {
        held.addAndGet(bytes);
        byOwner.compute(owner, (same, before) -> {
            long after = (before == null ? 0 : before) + bytes;
            return after == 0 ? null : after;
        });
    }

    private boolean isBeyond(String owner, boolean isSmall) {
        long more = isSmall ? most / 4 : 0;
        return held.get() > most + more || byOwner.getOrDefault(owner, 0L) > mostOfOne + more;
    }

    /** The memory of one request, stream or response. */
    public final class Share {

        private final String owner;
        private long mine;

        private Share(String owner) {
            this.owner = owner;
        }

        /**
         * Reserves bytes if the limits allow it.
         *
         * @param bytes the number of bytes
         * @return whether they were reserved
         */
        public synchronized boolean take(long bytes) {
            add(owner, bytes);
            if (isBeyond(owner, mine + bytes <= SMALL)) {
                add(owner, -bytes);
                return false;
            }
            mine += bytes;
            return true;
        }

        /**
         * Reserves bytes instead of the present ones if the limits allow it.
         *
         * @param bytes the number of bytes
         * @return whether they were reserved; if not, the present ones remain
         */
        public synchronized boolean replace(long bytes) {
            long more = bytes - mine;
            add(owner, more);
            if (isBeyond(owner, bytes <= SMALL)) {
                add(owner, -more);
                return false;
            }
            mine = bytes;
            return true;
        }

        /**
         * Holds bytes that are allocated already instead of the present ones, without a check of the limits.
         *
         * @param bytes the number of bytes
         */
        public synchronized void holdInstead(long bytes) {
            hold(bytes - mine);
        }

        /**
         * Adds bytes that are allocated already, without a check of the limits.
         *
         * @param bytes the number of bytes
         */
        public synchronized void hold(long bytes) {
            add(owner, bytes);
            mine += bytes;
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
        public synchronized boolean isPressing() {
            return mine > SMALL && isBeyond(owner, false);
        }

        /**
         * Moves all bytes to a new share.
         *
         * @return the new share
         */
        public synchronized Share handOver() {
            Share next = new Share(owner);
            next.mine = mine;
            mine = 0;
            return next;
        }

        /** Releases all bytes. Further calls have no effect. */
        public synchronized void release() {
            if (mine != 0) {
                hold(-mine);
            }
        }
    }
}

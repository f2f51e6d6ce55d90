package dev.gatehouse.shared.http;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that requests under way and answers that nobody has read yet hold, bounded in all and for each owner, so that no number of
 * connections fills the heap. The bounds follow the heap: a quarter of it in all, half of that for one owner. Small requests may use a
 * quarter more, so that they are served while large ones fill the rest. Safe for use from any thread.
 */
public final class HeldMemory implements Shareable {

    private static final String MAP = "dev.gatehouse.held-memory";
    /** Bytes up to which a request is small. */
    private static final int SMALL = 64 * 1024;

    private final long most;
    private final long mostOfOne;
    private final AtomicLong held = new AtomicLong();
    private final Map<String, Long> byOwner = new ConcurrentHashMap<>();

    /** @param most bytes in all */
    public HeldMemory(long most) {
        this.most = most;
        this.mostOfOne = most / 2;
    }

    /** The one of all servers over a Vert.x, a quarter of the heap. */
    public static HeldMemory of(Vertx vertx) {
        return of(vertx, Runtime.getRuntime().maxMemory() / 4);
    }

    /** As {@link #of(Vertx)}, with a bound of its own unless there is one already. */
    public static HeldMemory of(Vertx vertx, long most) {
        return vertx.sharedData().<String, HeldMemory>getLocalMap(MAP).computeIfAbsent("", absent -> new HeldMemory(most));
    }

    /** Bytes that are held now. */
    public long held() {
        return held.get();
    }

    /** A share of an owner, which holds nothing yet. */
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

    /** What one request, stream or answer holds. */
    public final class Share {

        private final String owner;
        private long mine;

        private Share(String owner) {
            this.owner = owner;
        }

        /** Takes more unless that is beyond a bound. @return whether it has */
        public synchronized boolean take(long bytes) {
            add(owner, bytes);
            if (isBeyond(owner, mine + bytes <= SMALL)) {
                add(owner, -bytes);
                return false;
            }
            mine += bytes;
            return true;
        }

        /** Takes more in any case: it is there already. */
        public synchronized void hold(long bytes) {
            add(owner, bytes);
            mine += bytes;
        }

        /** Gives back a part. */
        public void giveBack(long bytes) {
            hold(-bytes);
        }

        /** Whether so much is held that what is not small must go. */
        public synchronized boolean isPressing() {
            return mine > SMALL && isBeyond(owner, false);
        }

        /** Another share that holds what this one held, which then holds nothing. */
        public synchronized Share handOver() {
            Share next = new Share(owner);
            next.mine = mine;
            mine = 0;
            return next;
        }

        /** Gives back all of it. Safe to call more than once. */
        public synchronized void release() {
            if (mine != 0) {
                hold(-mine);
            }
        }
    }
}

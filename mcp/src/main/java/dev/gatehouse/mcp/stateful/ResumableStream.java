package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.stateful.EventLog.EventSink;
import io.vertx.core.Future;

/**
 * A stream of a session, which may outlive its connections: without one, it keeps the events for the next. Safe for use from any thread.
 */
public final class ResumableStream {

    private final EventLog log;
    private final int id;
    private EventSink sink;
    private long last;
    private volatile boolean finished;

    ResumableStream(EventLog log, int id, EventSink sink) {
        this.log = log;
        this.id = id;
        this.sink = sink;
    }

    int id() {
        return id;
    }

    /** Takes no lock, because the log calls this while it holds its own. */
    boolean isFinished() {
        return finished;
    }

    private String eventId(long number) {
        return id + "-" + number;
    }

    /** Returns true if a client is connected now. */
    public synchronized boolean isConnected() {
        return sink != null;
    }

    /** Gives the client an id to resume from, before the first message. */
    public synchronized void prime(int retryMillis) {
        if (sink != null) {
            sink.prime(eventId(last), retryMillis);
        }
    }

    /** Sends a message, or keeps it for the next connection. Never fails: a connection that ends loses nothing. */
    public Future<Void> send(byte[] json) {
        EventSink now;
        Future<Void> sent;
        synchronized (this) {
            long number = ++last;
            log.keep(this, number, json);
            now = sink;
            sent = now == null ? Future.succeededFuture() : now.event(eventId(number), json);
        }
        return sent.recover(gone -> {
            detach(now);
            return Future.succeededFuture();
        });
    }

    /** The connection has ended. The stream continues without one, unless another has replaced it. */
    public synchronized void detach(EventSink ended) {
        if (sink == ended) {
            sink = null;
        }
    }

    /** Ends the connection while the stream continues: the client reconnects for the rest. */
    public void release() {
        EventSink released;
        synchronized (this) {
            released = sink;
            sink = null;
        }
        if (released != null) {
            released.end();
        }
    }

    /**
     * Continues on another connection, after the last event that the client received.
     *
     * @param eventId of this stream
     */
    public void resume(String eventId, EventSink next) {
        long seen = numberOf(eventId);
        EventSink before;
        boolean over;
        synchronized (this) {
            before = sink;
            sink = next;
            for (EventLog.Kept kept : log.behind(this, seen)) {
                next.event(eventId(kept.number()), kept.json());
            }
            over = finished;
        }
        if (before != null) {
            before.end();
        }
        if (over) {
            next.end();
        }
    }

    private static long numberOf(String eventId) {
        try {
            return Long.parseLong(eventId.substring(eventId.indexOf('-') + 1));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Nothing more will be sent. */
    public void finish() {
        EventSink open;
        synchronized (this) {
            finished = true;
            open = sink;
            sink = null;
        }
        if (open != null) {
            open.end();
        }
        log.finished(this);
    }
}

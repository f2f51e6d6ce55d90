package dev.gatehouse.mcp.stateful;

import dev.gatehouse.shared.http.HeldMemory;
import io.vertx.core.Future;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The recent events of the streams of one session, for clients that reconnect (2025-11-25, transports, resumability and redelivery). The
 * session as a whole has a bound: the oldest event is discarded first. The last one stays at any size, because it may be the response for
 * which the client reconnects. The log uses almost no memory until an event is sent.
 */
public final class EventLog {

    private static final int EVENTS = 128;
    private static final int BYTES = 262_144;

    private final Map<Integer, ResumableStream> streams = new HashMap<>();
    private final Deque<Kept> kept = new ArrayDeque<>(2);
    private int keptBytes;
    private int lastStream;
    private boolean closed;
    private final HeldMemory.Share memory;

    /** @param memory of the session's owner; under pressure, the log keeps less */
    EventLog(HeldMemory.Share memory) {
        this.memory = memory;
    }

    /** An event that can be sent again. */
    record Kept(ResumableStream stream, long number, byte[] json) {
    }

    /** Begins a stream whose connection is the sink. */
    public synchronized ResumableStream begin(EventSink sink) {
        ResumableStream stream = new ResumableStream(this, ++lastStream, sink);
        streams.put(stream.id(), stream);
        return stream;
    }

    /** The stream that sent the event of this id; empty if there is none, or if it is over and discarded. */
    public Optional<ResumableStream> find(String eventId) {
        int dash = eventId.indexOf('-');
        try {
            synchronized (this) {
                return dash < 1 ? Optional.empty() : Optional.ofNullable(streams.get(Integer.parseInt(eventId.substring(0, dash))));
            }
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    synchronized void keep(ResumableStream stream, long number, byte[] json) {
        if (closed) {
            return;
        }
        kept.addLast(new Kept(stream, number, json));
        keptBytes += json.length;
        memory.hold(json.length);
        while (kept.size() > EVENTS || keptBytes > BYTES && kept.size() > 1 || memory.isPressing() && !kept.isEmpty()) {
            Kept oldest = kept.removeFirst();
            keptBytes -= oldest.json().length;
            memory.giveBack(oldest.json().length);
            forgetIfOver(oldest.stream());
        }
    }

    /** A finished stream without kept events cannot be resumed. */
    private void forgetIfOver(ResumableStream stream) {
        if (stream.isFinished() && kept.stream().noneMatch(each -> each.stream() == stream)) {
            streams.remove(stream.id());
        }
    }

    /** Discards all events: no client reconnects any more. */
    synchronized void close() {
        closed = true;
        kept.clear();
        keptBytes = 0;
        memory.release();
    }

    synchronized void finished(ResumableStream stream) {
        forgetIfOver(stream);
    }

    /** The kept events that a stream sent after an event, in order. */
    synchronized Kept[] behind(ResumableStream stream, long number) {
        return kept.stream().filter(each -> each.stream() == stream && each.number() > number).toArray(Kept[]::new);
    }

    /** An open connection of one stream. All methods may be called from any thread; events are sent in order. */
    public interface EventSink {

        /**
         * Sends an event.
         *
         * @param id   from which the client can resume
         * @param json one message
         * @return completes when the network has it; fails when the connection has ended
         */
        Future<Void> event(String id, byte[] json);

        /**
         * Sends an event without data, so that the client has an id to resume from (2025-11-25, transports, sending messages, 6).
         *
         * @param retryMillis time that the client should wait before it reconnects
         */
        void prime(String id, int retryMillis);

        /** Ends the connection after the events that were sent. */
        void end();
    }
}

package dev.gatehouse.mcp.stateful;

import dev.gatehouse.shared.http.HeldMemory;
import io.vertx.core.Future;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the streams of one session have sent lately, for clients that lost a connection and come back (2025-11-25, transports, resumability
 * and redelivery). Bounded for the session as a whole: the oldest goes first, and the last stays however large it is, since it may be the
 * answer that its client comes back for. Costs next to nothing until something is sent.
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

    /** @param memory of the session's owner: where it runs short, less is kept */
    EventLog(HeldMemory.Share memory) {
        this.memory = memory;
    }

    /** One event that can be had again. */
    record Kept(ResumableStream stream, long number, byte[] json) {
    }

    /** Begins a stream whose connection is the sink. */
    public synchronized ResumableStream begin(EventSink sink) {
        ResumableStream stream = new ResumableStream(this, ++lastStream, sink);
        streams.put(stream.id(), stream);
        return stream;
    }

    /** The stream that an event of this id was sent by; empty if there is none, or it is over and forgotten. */
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

    /** A stream that has ended and of which nothing is kept cannot be come back to. */
    private void forgetIfOver(ResumableStream stream) {
        if (stream.isFinished() && kept.stream().noneMatch(each -> each.stream() == stream)) {
            streams.remove(stream.id());
        }
    }

    /** Nobody comes back any more. */
    synchronized void close() {
        closed = true;
        kept.clear();
        keptBytes = 0;
        memory.release();
    }

    synchronized void finished(ResumableStream stream) {
        forgetIfOver(stream);
    }

    /** What was sent by a stream behind an event and is still kept, in order. */
    synchronized Kept[] behind(ResumableStream stream, long number) {
        return kept.stream().filter(each -> each.stream() == stream && each.number() > number).toArray(Kept[]::new);
    }

    /** An open connection that events of one stream leave by. All methods may be called from any thread; events leave in order. */
    public interface EventSink {

        /**
         * Sends an event.
         *
         * @param id   by which the client can ask for what came behind it
         * @param json one message
         * @return completes when it is with the network; fails when the connection has ended
         */
        Future<Void> event(String id, byte[] json);

        /**
         * Sends an event without data, so that the client has an id to come back with whatever happens next (2025-11-25, transports,
         * sending messages, 6).
         *
         * @param retryMillis how long the client should wait before it comes back
         */
        void prime(String id, int retryMillis);

        /** Ends the connection behind what was sent. */
        void end();
    }
}

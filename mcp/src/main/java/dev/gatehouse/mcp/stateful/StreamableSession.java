package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import dev.gatehouse.mcp.stateful.EventLog.EventSink;
import dev.gatehouse.shared.http.HeldMemory;

import java.util.Optional;
import java.util.function.Function;

/** A session of Streamable HTTP until revision 2025-11-25. */
public final class StreamableSession implements OwnedSession {

    /** The first revision whose clients understand an event without data, and are told when to come back. */
    private static final String PRIMED_SINCE = "2025-11-25";
    private static final int RETRY_MILLIS = 1_000;

    private final String id;
    private final Principal owner;
    private final LiveSession live;
    private final EventLog log;

    /** @param memory of the owner, for what is kept for connections to come */
    public StreamableSession(String id, Principal owner, LiveSession live, HeldMemory.Share memory) {
        this.log = new EventLog(memory);
        this.id = id;
        this.owner = owner;
        this.live = live;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Principal owner() {
        return owner;
    }

    public LiveSession live() {
        return live;
    }

    /** Whether streams of the session begin with an event that the client can come back with. */
    public boolean isPrimed() {
        return live.version().compareTo(PRIMED_SINCE) >= 0;
    }

    /** Begins a stream whose connection has just opened. */
    public EventStream begin(EventSink connection) {
        EventStream stream = log.begin(connection);
        if (isPrimed()) {
            stream.prime(RETRY_MILLIS);
        }
        return stream;
    }

    /** Begins a stream for what the server says unasked, by the newest of them that has a connection. */
    public EventStream listen(EventSink connection, Function<EventStream, MessageSink> way) {
        EventStream stream = begin(connection);
        live.listen(way.apply(stream), owner);
        return stream;
    }

    /** The stream that sent an event; empty if the session has no such stream, or no longer. */
    public Optional<EventStream> streamOf(String eventId) {
        return log.find(eventId);
    }

    @Override
    public boolean isQuiet() {
        return live.isQuiet();
    }

    @Override
    public boolean isBusy() {
        return live.isBusy();
    }

    @Override
    public void close() {
        live.close();
        log.close();
    }
}

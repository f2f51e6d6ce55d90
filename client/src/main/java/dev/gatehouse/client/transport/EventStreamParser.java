package dev.gatehouse.client.transport;

import io.vertx.core.buffer.Buffer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code text/event-stream} (HTML Living Standard, server-sent events), chunk by chunk. Not safe for use by several threads. */
public final class EventStreamParser {

    static final int LONGEST_EVENT = 16 << 20;

    /**
     * One event.
     *
     * @param id the last event id so far, or null
     * @param type {@code message} where the server names none
     */
    public record Event(String id, String type, String data) {
    }

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private boolean hasData;
    private boolean afterCarriageReturn;
    private boolean first = true;
    private String type = "";
    private String id;
    private String pendingId;
    private long retryMillis = -1;

    /** The id of the last event, for {@code Last-Event-ID}; null when there was none. */
    String lastId() {
        return id;
    }

    /** The delay before a reconnection that the server asked for; negative when it did not ask. */
    long retryMillis() {
        return retryMillis;
    }

    /** Takes a chunk. Returns the events that it completes. @throws CallFailure when an event is too long */
    public List<Event> feed(Buffer chunk) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < chunk.length(); i++) {
            byte b = chunk.getByte(i);
            boolean secondOfPair = b == '\n' && afterCarriageReturn;
            afterCarriageReturn = b == '\r';
            if (b == '\n' || b == '\r') {
                if (!secondOfPair) {
                    endLine(events);
                }
            } else {
                line.write(b);
                requireBounded();
            }
        }
        return events;
    }

    private void requireBounded() {
        if (line.size() + data.length() > LONGEST_EVENT) {
            throw new CallFailure("The server sent an event that is longer than " + LONGEST_EVENT + " bytes");
        }
    }

    private void endLine(List<Event> events) {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (first && text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        first = false;
        if (text.isEmpty()) {
            dispatch(events);
        } else if (!text.startsWith(":")) {
            int colon = text.indexOf(':');
            String value = colon < 0 ? "" : text.substring(colon + 1);
            field(colon < 0 ? text : text.substring(0, colon), value.startsWith(" ") ? value.substring(1) : value);
        }
    }

    private void field(String name, String value) {
        switch (name) {
            case "event" -> type = value;
            case "data" -> {
                data.append(hasData ? "\n" : "").append(value);
                hasData = true;
            }
            case "id" -> pendingId = value.indexOf('\0') < 0 ? value : pendingId;
            case "retry" -> retryMillis = value.matches("\\d{1,9}") ? Long.parseLong(value) : retryMillis;
            default -> { }
        }
    }

    private void dispatch(List<Event> events) {
        id = pendingId;
        if (hasData && data.length() > 0) {
            events.add(new Event(id, type.isEmpty() ? "message" : type, data.toString()));
        }
        data.setLength(0);
        hasData = false;
        type = "";
    }
}

package dev.gatehouse.it.support;

import dev.gatehouse.fixtures.Http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server-sent event stream, read on a thread of its own. */
public final class EventStream implements AutoCloseable {
    /** One event; without an {@code event:} line its name is {@code message}. */
    public record Event(String name, String data) {
    }

    private static final Event END = new Event("", "");
    private final HttpResponse<InputStream> response;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    private EventStream(HttpResponse<InputStream> response) {
        this.response = response;
        Thread reader = new Thread(this::read, "event-stream");
        reader.setDaemon(true);
        reader.start();
    }

    public static EventStream open(HttpRequest.Builder request) {
        return new EventStream(Http.open(request));
    }

    public int status() {
        return response.statusCode();
    }

    /** The next event; fails when the stream ends or nothing comes in time. */
    public Event next(Duration limit) {
        Event event = poll(limit);
        if (event == null || event == END) {
            throw new AssertionError(event == null ? "no event within " + limit.toSeconds() + " s"
                : "the stream ended");
        }
        return event;
    }

    /** Whether the server ends the stream within the limit; events before the end are passed over. */
    public boolean endsWithin(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        Event event;
        do {
            event = poll(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        } while (event != null && event != END);
        return event == END;
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException alreadyGone) {
            // Hanging up is all that was wanted.
        }
    }

    private Event poll(Duration limit) {
        try {
            Event event = events.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (event == END) {
                events.add(END);
            }
            return event;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(response.body(),
            StandardCharsets.UTF_8))) {
            String name = "message";
            StringBuilder data = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event:")) {
                    name = line.substring(6).strip();
                } else if (line.startsWith("data:")) {
                    data.append(line.substring(5).strip());
                } else if (line.isEmpty() && !data.isEmpty()) {
                    events.add(new Event(name, data.toString()));
                    name = "message";
                    data.setLength(0);
                }
            }
        } catch (IOException hungUp) {
            // The end is reported below either way.
        }
        events.add(END);
    }
}

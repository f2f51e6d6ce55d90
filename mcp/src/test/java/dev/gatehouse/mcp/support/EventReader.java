package dev.gatehouse.mcp.support;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;

import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Reads a stream of server-sent events. */
public final class EventReader {

    public final Future<Void> ended;
    /** Kept here, because the garbage collector closes an unreachable client. */
    private final HttpClient client;
    private final HttpClientResponse response;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> comments = new LinkedBlockingQueue<>();
    private String kind = "message";
    private String id;
    public volatile int retry;

    public record Event(String kind, String data, String id) {
    }

    private EventReader(HttpClient client, HttpClientResponse response) {
        this.client = client;
        this.response = response;
        RecordParser lines = RecordParser.newDelimited("\n", line -> line(line.toString()));
        response.handler(lines);
        this.ended = response.end();
    }

    public static EventReader open(Vertx vertx, int port, String path, String token, String sessionId) throws Exception {
        return open(vertx, new RequestOptions().setMethod(HttpMethod.GET).setHost("127.0.0.1").setPort(port).setURI(path)
            .putHeader("Authorization", "Bearer " + token), sessionId == null ? Map.of() : Map.of("Mcp-Session-Id", sessionId), null);
    }

    /** Comes back for what followed an event. */
    public static EventReader resume(Vertx vertx, int port, String token, String sessionId, String lastEventId) throws Exception {
        return open(vertx, new RequestOptions().setMethod(HttpMethod.GET).setHost("127.0.0.1").setPort(port).setURI("/mcp")
            .putHeader("Authorization", "Bearer " + token), Map.of("Mcp-Session-Id", sessionId, "Last-Event-ID", lastEventId), null);
    }

    public static EventReader post(Vertx vertx, int port, String path, String token, Map<String, String> headers, JsonObject body) throws Exception {
        return open(vertx, new RequestOptions().setMethod(HttpMethod.POST).setHost("127.0.0.1").setPort(port).setURI(path)
            .putHeader("Authorization", "Bearer " + token).putHeader("Content-Type", "application/json"), headers, body);
    }

    /** All on one event loop, so that no event comes before its handler. */
    private static EventReader open(Vertx vertx, RequestOptions options, Map<String, String> headers, JsonObject body) throws Exception {
        options.putHeader("Accept", body == null ? "text/event-stream" : "application/json, text/event-stream");
        headers.forEach(options::putHeader);
        Promise<EventReader> reader = Promise.promise();
        HttpClient client = vertx.createHttpClient();
        vertx.getOrCreateContext().runOnContext(go -> client.request(options)
            .compose(request -> body == null ? request.send() : request.send(body.toBuffer()))
            .map(response -> {
                if (response.statusCode() != 200 || !"text/event-stream".equals(response.getHeader("Content-Type"))) {
                    throw new IllegalStateException("status " + response.statusCode());
                }
                return new EventReader(client, response);
            }).onComplete(reader));
        return reader.future().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private void line(String line) {
        if (line.startsWith(":")) {
            comments.add(line);
        } else if (line.startsWith("event: ")) {
            kind = line.substring(7);
        } else if (line.startsWith("id: ")) {
            id = line.substring(4);
        } else if (line.startsWith("retry: ")) {
            retry = Integer.parseInt(line.substring(7));
        } else if (line.startsWith("data: ")) {
            events.add(new Event(kind, line.substring(6), id));
            kind = "message";
        }
    }

    public Event next() throws InterruptedException {
        Event event = events.poll(60, TimeUnit.SECONDS);
        if (event == null) {
            throw new IllegalStateException("No event came");
        }
        return event;
    }

    public JsonObject nextMessage() throws InterruptedException {
        return new JsonObject(next().data());
    }

    public String nextComment() throws InterruptedException {
        return comments.poll(60, TimeUnit.SECONDS);
    }

    public void pause() {
        response.pause();
    }

    public void resume() {
        response.resume();
    }

    public void close() {
        client.close();
    }

    public void awaitEnd() throws Exception {
        ended.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}

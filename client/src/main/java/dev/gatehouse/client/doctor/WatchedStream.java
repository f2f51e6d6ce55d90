package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.CallException;
import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.transport.CallFailure;
import dev.gatehouse.client.transport.EventStreamParser;
import dev.gatehouse.client.transport.EventStreamParser.Event;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** An open response whose events are waited for, each for a limited time. Belongs to one event loop. */
final class WatchedStream {

    private final Vertx vertx;
    private final HttpClientResponse response;
    private final EventStreamParser parser = new EventStreamParser();
    private final List<Event> events = new ArrayList<>();
    private Predicate<Event> wanted = event -> false;
    private Promise<Optional<Event>> waiting = Promise.promise();
    private boolean ended;

    private WatchedStream(Vertx vertx, HttpClientResponse response) {
        this.vertx = vertx;
        this.response = response;
    }

    /** Opens a stream. The result is empty when no head came in time; fails with {@link CallException} when there is no answer at all. */
    static Future<Optional<WatchedStream>> open(Vertx vertx, HttpCaller http, HttpCall call, long millis) {
        Promise<Optional<WatchedStream>> opened = Promise.promise();
        long timer = vertx.setTimer(millis, late -> opened.tryComplete(Optional.empty()));
        http.open(call).onComplete(answer -> {
            vertx.cancelTimer(timer);
            if (answer.failed()) {
                opened.tryFail(answer.cause());
                return;
            }
            WatchedStream stream = new WatchedStream(vertx, answer.result());
            stream.read();
            if (!opened.tryComplete(Optional.of(stream))) {
                stream.close();
            }
        });
        return opened.future();
    }

    private void read() {
        response.handler(this::feed).endHandler(end -> end()).exceptionHandler(broken -> end());
        response.resume();
    }

    private void feed(Buffer chunk) {
        try {
            events.addAll(parser.feed(chunk));
        } catch (CallFailure tooLong) {
            close();
            return;
        }
        find().ifPresent(event -> waiting.tryComplete(Optional.of(event)));
    }

    private void end() {
        ended = true;
        waiting.tryComplete(find());
    }

    private Optional<Event> find() {
        return events.stream().filter(wanted).findFirst();
    }

    /** The first event of this kind, whether it has come or comes in time; empty when none does. */
    Future<Optional<Event>> event(Predicate<Event> kind, long millis) {
        wanted = kind;
        if (ended || find().isPresent()) {
            return Future.succeededFuture(find());
        }
        Promise<Optional<Event>> found = Promise.promise();
        waiting = found;
        long timer = vertx.setTimer(millis, late -> found.tryComplete(Optional.empty()));
        return found.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    int status() {
        return response.statusCode();
    }

    MultiMap headers() {
        return response.headers();
    }

    void close() {
        end();
        HttpCaller.abandon(response);
    }
}

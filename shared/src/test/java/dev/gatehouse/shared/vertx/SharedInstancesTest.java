package dev.gatehouse.shared.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.vertx.SharedPerVertx.Lease;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.concurrent.atomic.AtomicInteger;

@ExtendWith(VertxExtension.class)
class SharedInstancesTest {

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    @Test
    void holdersOfOneNameShareOneInstance(Vertx vertx) throws Exception {
        Lease<Integer> first = Waiting.on(acquire(vertx, "one"));
        Lease<Integer> second = Waiting.on(acquire(vertx, "one"));
        Lease<Integer> other = Waiting.on(acquire(vertx, "other"));
        assertThat(first.get()).isEqualTo(second.get()).isNotEqualTo(other.get());
        assertThat(opened).hasValue(2);
    }

    @Test
    void lastReleaseClosesAndTheNextHolderGetsANewOne(Vertx vertx) throws Exception {
        Lease<Integer> first = Waiting.on(acquire(vertx, "one"));
        Lease<Integer> second = Waiting.on(acquire(vertx, "one"));
        Waiting.on(first.release());
        Waiting.on(first.release());
        assertThat(closed).hasValue(0);
        Waiting.on(second.release());
        assertThat(closed).hasValue(1);
        assertThat(Waiting.on(acquire(vertx, "one")).get()).isNotEqualTo(second.get());
    }

    @Test
    void nextHolderWaitsForTheClosing(Vertx vertx) throws Exception {
        Promise<Void> closing = Promise.promise();
        Lease<Integer> first = Waiting.on(SharedPerVertx.acquire(vertx, "one", this::open, value -> closing.future()));
        Future<Void> released = first.release();
        Future<Lease<Integer>> next = acquire(vertx, "one");
        assertThat(opened).hasValue(1);
        closing.complete();
        Waiting.on(released);
        assertThat(Waiting.on(next).get()).isEqualTo(2);
    }

    @Test
    void failureToOpenIsToldToAllAndForgotten(Vertx vertx) throws Exception {
        Promise<Integer> opening = Promise.promise();
        Future<Lease<Integer>> first = SharedPerVertx.acquire(vertx, "one", opening::future, this::close);
        Future<Lease<Integer>> second = acquire(vertx, "one");
        opening.fail(new IllegalStateException("not now"));
        assertThatThrownBy(() -> Waiting.on(first)).hasMessage("not now");
        assertThatThrownBy(() -> Waiting.on(second)).hasMessage("not now");
        Lease<Integer> third = Waiting.on(acquire(vertx, "one"));
        Waiting.on(third.release());
        assertThat(closed).hasValue(1);
    }

    @Test
    void anotherVertxSharesNothing(Vertx vertx) throws Exception {
        Vertx other = Vertx.vertx();
        try {
            assertThat(Waiting.on(acquire(vertx, "one")).get()).isNotEqualTo(Waiting.on(acquire(other, "one")).get());
        } finally {
            Waiting.on(other.close());
        }
    }

    private Future<Lease<Integer>> acquire(Vertx vertx, String key) {
        return SharedPerVertx.acquire(vertx, key, this::open, this::close);
    }

    private Future<Integer> open() {
        return Future.succeededFuture(opened.incrementAndGet());
    }

    private Future<Void> close(Integer value) {
        closed.incrementAndGet();
        return Future.succeededFuture();
    }
}

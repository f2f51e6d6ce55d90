package dev.gatehouse.shared.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

class RunningLoadsTest {

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, Integer> kept = new ConcurrentHashMap<>();
    private final RunningLoads<String, Integer> loads = new RunningLoads<>(vertx, kept::put);

    @AfterEach
    void close() {
        Waiting.on(vertx.close());
    }

    @Test
    void callersOfOneKeyWaitForOneLoad() {
        Promise<Integer> first = Promise.promise();
        Future<Integer> one = loads.load("key", key -> first.future());
        Future<Integer> two = loads.load("key", key -> Future.succeededFuture(2));
        assertThat(Waiting.on(loads.load("another", key -> Future.succeededFuture(3)))).isEqualTo(3);
        first.complete(1);
        assertThat(Waiting.on(one)).isEqualTo(1);
        assertThat(Waiting.on(two)).isEqualTo(1);
        assertThat(kept).isEqualTo(Map.of("key", 1, "another", 3));
        assertThat(Waiting.on(loads.load("key", key -> Future.succeededFuture(4)))).as("the first has ended").isEqualTo(4);
    }

    @Test
    void valueOfADiscardedLoadIsDeliveredButNotKept() {
        Promise<Integer> old = Promise.promise();
        Future<Integer> before = loads.load("key", key -> old.future());
        loads.discard("key");
        Promise<Integer> current = Promise.promise();
        Future<Integer> after = loads.load("key", key -> current.future());
        old.complete(1);
        assertThat(Waiting.on(before)).isEqualTo(1);
        assertThat(kept).isEmpty();
        current.complete(2);
        assertThat(Waiting.on(after)).isEqualTo(2);
        assertThat(kept).isEqualTo(Map.of("key", 2));
        Promise<Integer> last = Promise.promise();
        loads.load("other", key -> last.future());
        loads.discardAll();
        last.complete(3);
        assertThat(kept).isEqualTo(Map.of("key", 2));
    }

    @Test
    void failureAndAbsenceAreNotKeptAndTheNextCallerLoadsAgain() {
        IllegalStateException failure = new IllegalStateException("no store");
        assertThat(cause(loads.load("key", key -> Future.failedFuture(failure)))).isSameAs(failure);
        assertThat(cause(loads.load("key", key -> {
            throw failure;
        }))).isSameAs(failure);
        assertThat(Waiting.on(loads.load("key", key -> Future.succeededFuture()))).isNull();
        assertThat(kept).isEmpty();
        assertThat(Waiting.on(loads.load("key", key -> Future.succeededFuture(1)))).isEqualTo(1);
    }

    private static Throwable cause(Future<?> failed) {
        return Waiting.on(failed.transform(result -> Future.succeededFuture(result.cause())));
    }

    /** A value is loaded as it was before the removal, or after it. After a removal has returned, the cache never has the value from before. */
    @Test
    void cacheNeverKeepsWhatWasLoadedBeforeARemovalThatHasReturned() throws Exception {
        AtomicInteger current = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(3);
        try {
            for (int i = 1; i <= 20_000; i++) {
                int version = i;
                List<java.util.concurrent.Future<?>> running = IntStream.range(0, 2)
                    .<java.util.concurrent.Future<?>>mapToObj(each -> pool.submit(() -> loads.load("key", key -> Future.succeededFuture(current.get())))).toList();
                pool.submit(() -> {
                    current.set(version);
                    loads.discard("key");
                    kept.remove("key");
                    assertThat(kept.getOrDefault("key", version)).isEqualTo(version);
                }).get();
                for (java.util.concurrent.Future<?> each : running) {
                    each.get();
                }
                assertThat(kept.getOrDefault("key", version)).isEqualTo(version);
            }
        } finally {
            pool.shutdownNow();
        }
    }
}

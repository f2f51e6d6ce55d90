package dev.gatehouse.client.oauth;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Runs work of the same key one after the other, within this process. Safe for use from any thread. */
public final class Turns<K> {

    private final Map<K, Future<?>> last = new HashMap<>();

    /** Runs the work after all earlier work of the key has succeeded or failed. */
    public <T> Future<T> run(K key, Supplier<Future<T>> work) {
        Promise<T> mine = Promise.promise();
        Future<?> before;
        synchronized (this) {
            before = last.put(key, mine.future());
        }
        mine.future().onComplete(done -> leave(key, mine.future()));
        (before == null ? Future.succeededFuture() : before.otherwiseEmpty()).compose(turn -> work.get()).onComplete(mine);
        return mine.future();
    }

    private synchronized void leave(K key, Future<?> done) {
        last.remove(key, done);
    }
}

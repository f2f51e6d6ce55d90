package dev.gatehouse.shared.jose;

import dev.gatehouse.shared.jose.KeySource.KeysUnavailableException;
import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * The keys of an issuer's JWK set, fetched on demand and cached. Only one fetch runs at a time. An unknown {@code kid} causes
 * another fetch, but rarely enough that unknown values cannot be used to flood the issuer. After a failed fetch the last set
 * stays in use for a limited time. Thread-safe.
 */
public final class RemoteKeys implements KeySource {

    private final Vertx vertx;
    private final URI uri;
    private final Function<URI, Future<JsonObject>> fetch;
    private final Clock clock;
    private final RemoteKeyTimes times;

    private FixedKeys keys;
    private long fetchedAt;
    private long triedAt;
    private Throwable failure;
    private Future<Void> fetching;

    /**
     * Creates a source that fetches a JWK set when it is needed.
     *
     * @param vertx the Vert.x instance
     * @param uri the URL of the JWK set
     * @param fetch fetches a JSON document; it limits size, time and addresses
     * @param clock tells the current time
     * @param times the lifetimes and intervals
     */
    public RemoteKeys(
            Vertx vertx, URI uri, Function<URI, Future<JsonObject>> fetch, Clock clock, RemoteKeyTimes times) {
        this.vertx = vertx;
        this.uri = uri;
        this.fetch = fetch;
        this.clock = clock;
        this.times = times;
    }

    /**
     * Creates a source with {@link RemoteKeyTimes#DEFAULTS}.
     *
     * @param vertx the Vert.x instance
     * @param uri the URL of the JWK set
     * @param fetch fetches a JSON document; it limits size, time and addresses
     * @param clock tells the current time
     */
    public RemoteKeys(Vertx vertx, URI uri, Function<URI, Future<JsonObject>> fetch, Clock clock) {
        this(vertx, uri, fetch, clock, RemoteKeyTimes.DEFAULTS);
    }

    @Override
    public Future<List<VerificationKey>> candidates(String kid, SigningAlgorithm algorithm) {
        return current(kid).compose(set -> set.candidates(kid, algorithm));
    }

    private synchronized Future<FixedKeys> current(String kid) {
        if (fetching == null && mustFetch(kid)) {
            refetch();
        }
        return fetching == null ? settled(kid) : CallerContext.bring(vertx, fetching).compose(done -> settled(kid));
    }

    private boolean mustFetch(String kid) {
        if (isYoungerThan(times.fresh(), fetchedAt) && has(kid)) {
            return false;
        }
        boolean tried = keys != null || failure != null;
        return !tried || !isYoungerThan(failure == null ? times.betweenFetches() : times.afterFailure(), triedAt);
    }

    private void refetch() {
        Promise<Void> done = Promise.promise();
        fetching = done.future();
        triedAt = clock.millis();
        Future.succeededFuture(uri).compose(fetch).map(FixedKeys::parse).onComplete(answer -> {
            keep(answer);
            done.complete();
        });
    }

    private synchronized void keep(AsyncResult<FixedKeys> answer) {
        fetching = null;
        failure = answer.cause();
        if (answer.succeeded()) {
            keys = answer.result();
            fetchedAt = clock.millis();
        }
    }

    /** While fetches fail, keys of the last set stay valid for a limited time; other keys are unavailable. */
    private synchronized Future<FixedKeys> settled(String kid) {
        boolean lastGood = isYoungerThan(times.lastGood(), fetchedAt) && has(kid);
        if (keys != null && (failure == null || lastGood)) {
            return Future.succeededFuture(keys);
        }
        return Future.failedFuture(new KeysUnavailableException("Cannot fetch the keys at " + uri, failure));
    }

    private boolean has(String kid) {
        return keys != null && (kid == null || keys.has(kid));
    }

    /** Also false if the clock was set back, so that nothing is kept for too long. */
    private boolean isYoungerThan(Duration span, long since) {
        long now = clock.millis();
        return now >= since && now - since < span.toMillis();
    }

    /**
     * The lifetimes of fetched keys and the intervals between fetches.
     *
     * @param fresh the age up to which a set is used without another fetch
     * @param lastGood the age up to which a set is used while fetches fail; a withdrawn key can stay valid this long
     * @param betweenFetches the minimum time between two fetches for unknown keys
     * @param afterFailure the minimum time between two fetches after a failure
     */
    public record RemoteKeyTimes(Duration fresh, Duration lastGood, Duration betweenFetches, Duration afterFailure) {

        /** The intervals that suit most issuers. */
        public static final RemoteKeyTimes DEFAULTS = new RemoteKeyTimes(
            Duration.ofMinutes(5), Duration.ofMinutes(15), Duration.ofSeconds(10), Duration.ofSeconds(1));
    }
}

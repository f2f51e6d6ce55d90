package dev.gatehouse.shared.jose;

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
 * The keys of an issuer's JWK set, fetched when they are needed and kept for a while. One fetch at a time; a key that
 * is not in the set leads to another fetch, but so seldom that unknown key names cannot be used to flood the issuer.
 * When a fetch fails, the last set is used for a while longer. Several event loops may share one.
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
     * @param uri where the JWK set is
     * @param fetch gets a JSON document; bounds its size and time, and decides which addresses may be asked
     */
    public RemoteKeys(
            Vertx vertx, URI uri, Function<URI, Future<JsonObject>> fetch, Clock clock, RemoteKeyTimes times) {
        this.vertx = vertx;
        this.uri = uri;
        this.fetch = fetch;
        this.clock = clock;
        this.times = times;
    }

    /** The same with {@link RemoteKeyTimes#DEFAULTS}. */
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

    /** While the issuer cannot be asked, a key that it had a while ago still counts, and nothing is known of others. */
    private synchronized Future<FixedKeys> settled(String kid) {
        boolean lastGood = isYoungerThan(times.lastGood(), fetchedAt) && has(kid);
        if (keys != null && (failure == null || lastGood)) {
            return Future.succeededFuture(keys);
        }
        return Future.failedFuture(new KeysUnavailableException("The keys at " + uri + " cannot be fetched", failure));
    }

    private boolean has(String kid) {
        return keys != null && (kid == null || keys.has(kid));
    }

    /** False also when the clock was set back, so that nothing is then kept for longer than meant. */
    private boolean isYoungerThan(Duration span, long since) {
        long now = clock.millis();
        return now >= since && now - since < span.toMillis();
    }

    /**
     * How long fetched keys are kept, and how often they are fetched.
     *
     * @param fresh a set younger than this is used without asking
     * @param lastGood a set younger than this is still used when the issuer cannot be asked; how long a key that was
     *     withdrawn can outlive an outage
     * @param betweenFetches the least time between two fetches for keys that the set does not have
     * @param afterFailure the least time between two fetches when the last one failed
     */
    public record RemoteKeyTimes(Duration fresh, Duration lastGood, Duration betweenFetches, Duration afterFailure) {

        public static final RemoteKeyTimes DEFAULTS = new RemoteKeyTimes(
            Duration.ofMinutes(5), Duration.ofMinutes(15), Duration.ofSeconds(10), Duration.ofSeconds(1));
    }
}

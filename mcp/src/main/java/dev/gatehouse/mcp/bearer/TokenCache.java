package dev.gatehouse.mcp.bearer;

import com.github.benmanes.caffeine.cache.Cache;
import dev.gatehouse.mcp.bearer.LocalJwts.LocalJwtOptions;
import dev.gatehouse.shared.cache.Caches;
import dev.gatehouse.shared.metric.CacheMeters;
import dev.gatehouse.shared.metric.Meters;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The outcomes of validation, for all verticle instances of a Vert.x. Keys are hashes of tokens, so a heap dump of the cache contains no
 * credential. Valid and invalid tokens have separate caches, so a flood of invented tokens evicts no valid one.
 */
final class TokenCache implements Shareable {

    private static final int REFUSED_ENTRIES = 20_000;

    private final Clock clock;
    private final long refusedMillis;
    private final Cache<String, VerifiedToken> good;
    private final Cache<String, Refusal> refused;
    private final ConcurrentMap<String, Future<VerifiedToken>> questions = new ConcurrentHashMap<>();

    private volatile long answeredAt;
    private final CacheMeters meters;

    private record Refusal(InvalidTokenException reason, long until) {
    }

    private TokenCache(IntrospectionOptions options, Clock clock, Meters metered) {
        this.clock = clock;
        this.refusedMillis = options.negativeCacheSeconds() * 1000L;
        this.good = Caches.builder().maximumSize(options.cacheEntries())
            .expireAfterWrite(Duration.ofSeconds(Math.max(1, options.cacheSeconds()))).build();
        this.refused = Caches.builder().maximumSize(REFUSED_ENTRIES)
            .expireAfterWrite(Duration.ofSeconds(Math.max(1, options.negativeCacheSeconds()))).build();
        this.meters = CacheMeters.of(metered, "tokens", good::estimatedSize);
    }

    /** The outcome of a validation depends on all of this, so only servers that agree in it share a cache. */
    private record Kind(String resource, IntrospectionOptions options, LocalJwtOptions local, ScopeHierarchy hierarchy) implements Shareable {
    }

    /** The cache that all instances which serve this resource in this way share within this Vert.x. */
    static TokenCache shared(Vertx vertx, ProtectedResource resource, IntrospectionOptions options, LocalJwtOptions local, Clock clock) {
        return vertx.sharedData().<Kind, TokenCache>getLocalMap("gatehouse.tokens")
            .computeIfAbsent(new Kind(resource.id().value(), options, local, resource.hierarchy()), absent -> new TokenCache(options, clock, Meters.of(vertx)));
    }

    /** A token that may be believed now, or null. */
    VerifiedToken find(String key) {
        VerifiedToken found = good.getIfPresent(key);
        boolean hit = found != null && clock.millis() < found.freshUntil();
        (hit ? meters.hit() : meters.miss()).increment();
        return hit ? found : null;
    }

    /** The cached reason for the rejection of the token, or null. */
    InvalidTokenException findRefusal(String key) {
        Refusal found = refused.getIfPresent(key);
        return found != null && clock.millis() < found.until() ? found.reason() : null;
    }

    void accept(String key, VerifiedToken token) {
        good.put(key, token);
        refused.invalidate(key);
    }

    void refuse(String key, InvalidTokenException reason) {
        good.invalidate(key);
        refused.put(key, new Refusal(reason, clock.millis() + refusedMillis));
    }

    /** The authorization server has answered a question. */
    void answered() {
        answeredAt = clock.millis();
    }

    /** When it last did, in epoch milliseconds; 0 if it never has. */
    long answeredAt() {
        return answeredAt;
    }

    /** Pending introspection requests by key. The first caller sends the request, the others wait for it. */
    ConcurrentMap<String, Future<VerifiedToken>> questions() {
        return questions;
    }
}

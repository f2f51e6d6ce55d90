package dev.gatehouse.authz.key;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.shared.audit.AuditLog;
import dev.gatehouse.shared.audit.OncePerMinute;
import dev.gatehouse.shared.jose.Claims;
import dev.gatehouse.shared.jose.FixedKeys;
import dev.gatehouse.shared.jose.JwtSigner;
import dev.gatehouse.shared.jose.KeySigner;
import dev.gatehouse.shared.jose.KeySource;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.jose.VerificationKey;
import dev.gatehouse.shared.secret.MasterKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * This server's own keys: signs with the one whose turn it is, verifies with all that are published, and has the next one
 * made in time. All processes on a store work from the same rows, and the times in them say whose turn it is. Safe for use
 * from any thread.
 */
public final class SigningKeys implements JwtSigner, KeySource {

    private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);
    private static final long CHECK_MILLIS = Duration.ofSeconds(30).toMillis();
    /** So that a key that signs all day is written down as needed now and then only. */
    private static final long KEEP_AHEAD_MILLIS = Duration.ofHours(1).toMillis();

    private final OncePerMinute failures = new OncePerMinute();
    private final Vertx vertx;
    private final SigningKeyStore store;
    private final KeyVault vault;
    private final KeySchedule schedule;
    private final Clock clock;
    private final Map<String, Long> keptUntil = new ConcurrentHashMap<>();
    private volatile KeyRing ring;
    private long timer;

    private SigningKeys(Vertx vertx, SigningKeyStore store, KeyVault vault, KeySchedule schedule, Clock clock) {
        this.vertx = vertx;
        this.store = store;
        this.vault = vault;
        this.schedule = schedule;
        this.clock = clock;
    }

    /** Reads the keys, and has one made where there is none. */
    public static Future<SigningKeys> open(
            Vertx vertx, SigningKeyStore store, MasterKey master, AuthzOptions options, Clock clock) {
        SigningKeys keys = new SigningKeys(vertx, store, new KeyVault(master), KeySchedule.of(options), clock);
        return keys.maintain().map(keys);
    }

    /** Whether this is the key under which a signing key was sealed. */
    public static boolean opens(MasterKey master, String kid, byte[] sealed) {
        return new KeyVault(master).opens(kid, sealed);
    }

    /** Looks after the keys from now on. */
    public void start() {
        timer = vertx.setPeriodic(CHECK_MILLIS, tick -> maintain());
    }

    public void stop() {
        vertx.cancelTimer(timer);
    }

    /** Reads the keys anew, has the next one made when it is time, and drops those that are not needed any more. */
    public Future<Void> maintain() {
        return reload().compose(done -> {
            long now = clock.millis();
            OptionalLong due = schedule.due(ring, now);
            return due.isPresent() ? add(due.getAsLong()).mapEmpty() : discardSpent(now);
        }).onFailure(failure -> failures.write(held -> LOG.warn("The signing keys were not looked after: {}", failure.getMessage())));
    }

    /**
     * Makes the next key, whether or not it is time.
     *
     * @return when it begins to sign, epoch milliseconds; not before those who verify have had time to fetch it
     */
    public Future<Long> rotate() {
        long begins = Math.max(clock.millis(), ring.newest().stored().activatesAt() + 1) + schedule.aheadMillis();
        return add(begins).compose(added -> added ? Future.succeededFuture(begins) : rotate());
    }

    /** Of several processes that come to the same conclusion, the store lets one add its key; all then read that one. */
    private Future<Boolean> add(long begins) {
        long now = clock.millis();
        long generation = ring.generation();
        return vertx.executeBlocking(() -> vault.make(schedule.algorithm(), now, begins, begins + schedule.tokenMillis()), false)
            .compose(key -> store.add(key, generation).onSuccess(added -> {
                if (added) {
                    AuditLog.record("signing_key_added", "kid", key.kid(), "algorithm", key.algorithm());
                }
            }))
            .compose(added -> reload().map(added));
    }

    private Future<Void> discardSpent(long now) {
        List<Future<Void>> discarded = schedule.spent(ring, now).stream()
            .map(key -> store.discard(key.stored().kid(), now)).toList();
        return discarded.isEmpty() ? Future.succeededFuture() : Future.join(discarded).compose(done -> reload());
    }

    private Future<Void> reload() {
        return store.read().compose(set -> vertx.executeBlocking(() -> vault.load(set), false))
            .onSuccess(loaded -> ring = loaded).mapEmpty();
    }

    /** Signs with the key whose turn it is, once it is written down that the key is needed for as long as the JWT. */
    @Override
    public Future<String> sign(String typ, Function<SigningAlgorithm, JsonObject> claims) {
        LoadedKey key = ring.signer(clock.millis());
        if (key == null) {
            // The only one was removed a moment ago.
            return maintain().compose(done -> sign(typ, claims));
        }
        JsonObject settled = claims.apply(key.secret().algorithm());
        return keep(key, Claims.time(settled, "exp").orElse(0))
            .compose(done -> new KeySigner(vertx, key.secret()).sign(typ, settled));
    }

    private Future<Void> keep(LoadedKey key, long until) {
        String kid = key.stored().kid();
        if (until <= keptUntil.getOrDefault(kid, key.stored().neededUntil())) {
            return Future.succeededFuture();
        }
        long ahead = until + KEEP_AHEAD_MILLIS;
        return store.keep(kid, ahead).onSuccess(done -> keptUntil.put(kid, ahead)).mapEmpty();
    }

    /** The algorithm of new keys, and the one that metadata names. */
    public SigningAlgorithm algorithm() {
        return schedule.algorithm();
    }

    /** The keys that are published at this time, as a JWK set (RFC 7517 §5). */
    public JsonObject publicSet() {
        JsonArray keys = new JsonArray();
        schedule.needed(ring, clock.millis()).forEach(key -> keys.add(key.publicJwk()));
        return new JsonObject().put("keys", keys);
    }

    @Override
    public Future<List<VerificationKey>> candidates(String kid, SigningAlgorithm algorithm) {
        return new FixedKeys(schedule.needed(ring, clock.millis()).stream().map(LoadedKey::verification).toList())
            .candidates(kid, algorithm);
    }
}

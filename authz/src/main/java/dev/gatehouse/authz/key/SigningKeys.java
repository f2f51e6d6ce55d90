package dev.gatehouse.authz.key;

import dev.gatehouse.authz.key.KeyRing.KeySchedule;
import dev.gatehouse.authz.key.KeyRing.LoadedKey;
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
 * The signing keys of this server: signs with the active key, verifies with all published keys, and creates the next key in
 * time. All processes of a database use the same rows, and the times in these rows decide which key is active. Thread-safe.
 */
public final class SigningKeys implements JwtSigner, KeySource {

    private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);
    private static final long CHECK_MILLIS = Duration.ofSeconds(30).toMillis();
    /** Records the need for a key ahead of time, so that the record is written rarely. */
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

    /** Loads the keys and creates one if there is none. @param tokenSeconds the usual lifetime of a token */
    public static Future<SigningKeys> open(
            Vertx vertx, SigningKeyStore store, MasterKey master, SigningOptions options, long tokenSeconds, Clock clock) {
        SigningKeys keys = new SigningKeys(vertx, store, new KeyVault(master), KeySchedule.of(options, tokenSeconds), clock);
        return keys.maintain().map(keys);
    }

    /** Starts the periodic maintenance. */
    public void start() {
        timer = vertx.setPeriodic(CHECK_MILLIS, tick -> maintain());
    }

    public void stop() {
        vertx.cancelTimer(timer);
    }

    /** Reloads the keys, creates the next one when it is due, and deletes keys that are not needed any more. */
    public Future<Void> maintain() {
        return reload().compose(done -> {
            long now = clock.millis();
            OptionalLong due = schedule.due(ring, now);
            return due.isPresent() ? add(due.getAsLong()).mapEmpty() : discardSpent(now);
        }).onFailure(failure -> failures.write(held -> LOG.warn("Maintenance of the signing keys failed: {}", failure.getMessage())));
    }

    /**
     * Creates the next key, even before it is due.
     *
     * @return when it starts signing, epoch milliseconds; late enough for verifiers to fetch it
     */
    public Future<Long> rotate() {
        long begins = Math.max(clock.millis(), ring.newest().stored().activatesAt() + 1) + schedule.aheadMillis();
        return add(begins).compose(added -> added ? Future.succeededFuture(begins) : rotate());
    }

    /** When several processes create a key at once, the store accepts one; all processes then load that key. */
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

    /** Signs with the active key, after recording that the key is needed until the JWT expires. */
    @Override
    public Future<String> sign(String typ, Function<SigningAlgorithm, JsonObject> claims) {
        LoadedKey key = ring.signer(clock.millis());
        if (key == null) {
            // The only key has just been deleted.
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

    /** The algorithm of new keys, which metadata announces. */
    public SigningAlgorithm algorithm() {
        return schedule.algorithm();
    }

    /** The published keys as a JWK set (RFC 7517 §5). */
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

    /**
     * Keys that sign tokens.
     *
     * @param algorithm ES256, EdDSA or RS256
     * @param rotationDays days for which a key signs before the next one replaces it
     * @param publishAheadSeconds time between the publication of a key and its first signature
     */
    public record SigningOptions(String algorithm, int rotationDays, long publishAheadSeconds) {
    }
}

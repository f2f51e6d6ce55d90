package dev.gatehouse.authz.client.auth;

import com.github.benmanes.caffeine.cache.Cache;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.auth.AuthenticationMethod.Credentials;
import dev.gatehouse.authz.user.FairWorkers.Turn;
import dev.gatehouse.authz.user.PasswordHasher;
import dev.gatehouse.shared.cache.Caches;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.MasterKey.KeyedHash;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Compares client secrets with their stored forms.
 *
 * <p>A generated secret is compared by its SHA-256. A chosen secret costs an Argon2id hash. So one hash is computed at a time for
 * each client, callers with the same secret share it, and the outcome is cached under a key that only this process has.
 * The key of the cache includes the stored form, so a rotation invalidates the entry.
 *
 * <p>A wrong secret, an unknown client and a client with another method get the same response, after the time that a slow
 * hash takes, and within the same limits. A right secret that needs no slow hash is accepted in spite of the limits, so a
 * flood of wrong secrets does not lock the client out.
 */
public final class ClientSecrets {

    /** The longest accepted secret, in characters. */
    static final int LONGEST = 1024;

    private static final String GENERATED = "sha256:";
    private static final int MOST_REMEMBERED = 10_000;
    private static final Duration WRONG_REMEMBERED_FOR = Duration.ofMinutes(1);
    private static final int FAILURES_PER_MINUTE = 1000;
    private static final int FAILURES_PER_MINUTE_AND_SOURCE = 100;
    private static final Duration SHORTEST_REFUSAL = Duration.ofMillis(50);
    private static final Duration LONGEST_REFUSAL = Duration.ofMillis(500);
    /** Before the first hash has been measured. */
    private static final Duration USUAL_COST = Duration.ofMillis(100);
    /** This delay slows down a flood that waits for each response. */
    private static final Duration LOCKED_REFUSAL = Duration.ofSeconds(1);
    private static final Future<Boolean> RIGHT = Future.succeededFuture(true);
    private static final Future<Boolean> WRONG = Future.succeededFuture(false);

    private final Vertx vertx;
    private final PasswordHasher hasher;
    private final Clock clock;
    private final KeyedHash memory = new MasterKey(SecretToken.randomBytes(32)).keyedHash("verified client secrets");
    private final Cache<String, Boolean> right = Caches.builder().maximumSize(MOST_REMEMBERED).build();
    private final Cache<String, Boolean> wrong = Caches.builder().maximumSize(MOST_REMEMBERED)
        .expireAfterWrite(WRONG_REMEMBERED_FOR).build();
    private final Map<String, Guess> underWay = new ConcurrentHashMap<>();
    private final RateLimiter failures;
    private final RateLimiter failuresOfClientAndSource;

    /** A computation, and the callers that wait for its outcome. */
    private record Guess(Promise<Boolean> outcome, Collection<BooleanSupplier> waiting) {

        private boolean isAbandoned() {
            return waiting.stream().allMatch(BooleanSupplier::getAsBoolean);
        }
    }

    /**
     * An attempt to authenticate.
     *
     * @param clientId as it was sent; the client may not exist
     */
    private record Attempt(String clientId, String secret, ClientCall call) {

        private String client() {
            return "client:" + SecretToken.hash(clientId);
        }

        private String source() {
            return "source:" + call.source();
        }

        private String both() {
            return client() + ' ' + call.source();
        }
    }

    public ClientSecrets(Vertx vertx, PasswordHasher hasher, Clock clock) {
        this.vertx = vertx;
        this.hasher = hasher;
        this.clock = clock;
        failures = new RateLimiter(FAILURES_PER_MINUTE, clock);
        failuresOfClientAndSource = new RateLimiter(FAILURES_PER_MINUTE_AND_SOURCE, clock);
    }

    /** As long as a slow hash takes, so that the time does not tell a client with a slow hash from another. */
    private Duration refusalTime() {
        Duration cost = hasher.cost().orElse(USUAL_COST);
        return cost.compareTo(SHORTEST_REFUSAL) < 0 ? SHORTEST_REFUSAL
            : cost.compareTo(LONGEST_REFUSAL) > 0 ? LONGEST_REFUSAL : cost;
    }

    /** Returns the stored form of a secret that needs no slow hash, because it is random or public. */
    public static String storedForm(String generated) {
        return GENERATED + SecretToken.hash(generated);
    }

    /** Returns whether a stored form needs a slow hash. */
    public static boolean isSlow(String stored) {
        return !stored.startsWith(GENERATED);
    }

    /** Verifies that a secret is one of the client's live secrets. Fails with {@code slow_down} after too many wrong secrets. */
    Future<Boolean> verify(Client client, String secret, ClientCall call) {
        Attempt attempt = new Attempt(client.id(), secret, call);
        if (secret.length() > LONGEST) {
            return refuse(attempt, WRONG);
        }
        long now = clock.millis();
        for (Client.Secret stored : client.secrets()) {
            if (isLive(stored, now) && isKnownToBeRight(stored.hash(), secret)) {
                return RIGHT;
            }
        }
        List<String> slow = client.secrets().stream().filter(stored -> isLive(stored, now)).map(Client.Secret::hash)
            .filter(ClientSecrets::isSlow).toList();
        if (slow.isEmpty()) {
            return refuse(attempt, WRONG);
        }
        return secondsLocked(attempt).isPresent() ? refuse(attempt, WRONG)
            : refuse(attempt, matchesAny(slow, 0, attempt));
    }

    /** Rejects like {@link #verify} rejects a wrong secret. The client does not exist, or may not use a secret. */
    Future<Boolean> verifyAbsent(Credentials credentials, ClientCall call) {
        return refuse(new Attempt(credentials.clientId(), credentials.proof(), call), WRONG);
    }

    private static boolean isLive(Client.Secret stored, long now) {
        return stored.expiresAt() == null || stored.expiresAt() > now;
    }

    private boolean isKnownToBeRight(String stored, String secret) {
        return isSlow(stored) ? right.getIfPresent(memoryOf(stored, secret)) != null
            : SecretToken.constantTimeEquals(stored, storedForm(secret));
    }

    private Future<Boolean> matchesAny(List<String> slow, int index, Attempt attempt) {
        return index == slow.size() ? WRONG : matches(slow.get(index), attempt)
            .compose(matches -> matches ? RIGHT : matchesAny(slow, index + 1, attempt));
    }

    private Future<Boolean> matches(String stored, Attempt attempt) {
        String key = memoryOf(stored, attempt.secret());
        if (wrong.getIfPresent(key) != null) {
            return WRONG;
        }
        Guess mine = new Guess(Promise.promise(), new ConcurrentLinkedQueue<>(List.of(attempt.call().isAbandoned())));
        Guess shared = underWay.putIfAbsent(key, mine);
        if (shared != null) {
            shared.waiting().add(attempt.call().isAbandoned());
            return CallerContext.bring(vertx, shared.outcome().future());
        }
        Turn turn = new Turn(attempt.client(), () -> mine.isAbandoned() || secondsLocked(attempt).isPresent());
        hasher.verify(attempt.secret(), stored, turn).onComplete(outcome -> {
            if (outcome.succeeded()) {
                (outcome.result() ? right : wrong).put(key, true);
            }
            underWay.remove(key);
            mine.outcome().handle(outcome);
        });
        return CallerContext.bring(vertx, mine.outcome().future())
            .recover(failure -> secondsLocked(attempt).isPresent() ? WRONG : Future.failedFuture(failure));
    }

    private String memoryOf(String stored, String secret) {
        return memory.of(stored + '\n' + secret);
    }

    /** Returns a right outcome at once. Counts a wrong outcome, and delays it to the time that all wrong outcomes take. */
    private Future<Boolean> refuse(Attempt attempt, Future<Boolean> outcome) {
        long begun = System.nanoTime();
        return outcome.compose(isRight -> isRight ? RIGHT : refuse(attempt, begun));
    }

    private Future<Boolean> refuse(Attempt attempt, long begun) {
        OptionalLong wait = secondsLocked(attempt);
        if (wait.isEmpty()) {
            count(attempt);
            return after(refusalTime(), begun).map(false);
        }
        return after(LOCKED_REFUSAL, begun).map(passed -> {
            throw OAuthException.after(wait.getAsLong(), OAuthErrorCode.SLOW_DOWN, "Too many requests with a wrong secret");
        });
    }

    private Future<?> after(Duration time, long begun) {
        long left = time.toNanos() - (System.nanoTime() - begun);
        return left <= 0 ? Future.succeededFuture() : vertx.timer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)), TimeUnit.MILLISECONDS);
    }

    private OptionalLong secondsLocked(Attempt attempt) {
        OptionalLong wait = failuresOfClientAndSource.secondsLocked(attempt.both());
        wait = wait.isPresent() ? wait : failures.secondsLocked(attempt.source());
        return wait.isPresent() ? wait : failures.secondsLocked(attempt.client());
    }

    private void count(Attempt attempt) {
        failuresOfClientAndSource.secondsToWait(attempt.both());
        failures.secondsToWait(attempt.source());
        failures.secondsToWait(attempt.client());
    }
}

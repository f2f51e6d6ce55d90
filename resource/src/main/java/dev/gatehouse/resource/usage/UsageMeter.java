package dev.gatehouse.resource.usage;

import dev.gatehouse.mcp.api.CallObserver;
import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.mcp.api.ObservedCall;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.resource.usage.UsageStore.Key;
import dev.gatehouse.resource.usage.UsageStore.UsageTotals;
import dev.gatehouse.shared.audit.OncePerMinute;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts each user's usage in a calendar month (UTC), and rejects calls above the quota.
 *
 * <p>Calls are counted in memory and stored together every tenth of a second, so that no call waits for a disk. A regular stop
 * loses nothing; a crash loses the counts of its last tenth of a second. Processes learn of each other's calls within
 * {@value #TRUST_MILLIS} ms. The last {@value #NEAR} requests of a quota are counted one by one in the database, so the quota is exact.
 */
public final class UsageMeter implements CallObserver {

    private static final Logger LOG = LoggerFactory.getLogger(UsageMeter.class);
    private static final long STORE_MILLIS = 100;
    /** The time for which stored totals are valid for decisions. */
    static final long TRUST_MILLIS = 1_000;
    /** More than the other processes serve for one user within {@value #TRUST_MILLIS} ms. */
    private static final long NEAR = 5_000;
    private static final long FORGET_MILLIS = 60_000;
    /** A timer that is this late was lost with its verticle. */
    private static final long LOST_MILLIS = 2_000;

    private final OncePerMinute failures = new OncePerMinute();
    private final Vertx vertx;
    private final UsageStore store;
    private final UsageQuota quota;
    private final Clock clock;
    private final ConcurrentMap<Key, Tally> tallies = new ConcurrentHashMap<>();
    /** The time of the next write; 0 for none. */
    private final AtomicLong due = new AtomicLong();

    public UsageMeter(Vertx vertx, UsageStore store, UsageQuota quota, Clock clock) {
        this.vertx = vertx;
        this.store = store;
        this.quota = quota;
        this.clock = clock;
    }

    UsageQuota quota() {
        return quota;
    }

    @Override
    public Future<Void> before(Principal principal, String operation) {
        Key key = key(principal);
        Tally tally = tally(key);
        return isKnown(tally) ? reserve(key, tally) : learn(key, tally).compose(known -> reserve(key, tally));
    }

    private boolean isKnown(Tally tally) {
        return tally.isKnownSince(clock.millis() - TRUST_MILLIS);
    }

    private Future<Void> learn(Key key, Tally tally) {
        return store.find(key).onSuccess(found -> tally.learn(found, clock.millis())).mapEmpty();
    }

    private Future<Void> reserve(Key key, Tally tally) {
        return switch (tally.reserve(quota, NEAR)) {
            case COUNTED -> {
                storeSoon();
                yield Future.succeededFuture();
            }
            case REFUSED -> refused();
            case NEARLY_USED_UP -> store.reserve(key, quota).compose(totals -> {
                totals.ifPresent(total -> tally.learn(total, clock.millis()));
                return totals.isPresent() ? Future.<Void>succeededFuture() : refused();
            });
        };
    }

    private Future<Void> refused() {
        return Future.failedFuture(new CallRefused("Quota exceeded: this month's " + quota.requestsPerMonth() + " requests or " + quota.tokensPerMonth()
            + " tokens are used up. The quota is renewed on " + month().plusMonths(1).atDay(1) + " (UTC)."));
    }

    @Override
    public void after(ObservedCall call) {
        tally(key(call.principal())).addTokens(TokenEstimate.of(call.arguments()), TokenEstimate.of(call.text()));
        storeSoon();
    }

    /** Returns a user's usage of this month, including calls to other processes; the running call counts as a request. */
    Future<UsageTotals> current(Principal principal) {
        Key key = key(principal);
        Tally tally = tally(key);
        return store().compose(stored -> learn(key, tally)).map(learned -> tally.used());
    }

    private void storeSoon() {
        long now = clock.millis();
        long before = due.get();
        if ((before == 0 || now > before + LOST_MILLIS) && due.compareAndSet(before, now + STORE_MILLIS)) {
            vertx.setTimer(STORE_MILLIS, timer -> store());
        }
    }

    /** Stores the counters. Completes when they are durable. */
    public Future<Void> store() {
        due.set(0);
        Map<Key, UsageTotals> departing = new LinkedHashMap<>();
        tallies.forEach((key, tally) -> {
            UsageTotals part = tally.depart();
            if (!part.isNone()) {
                departing.put(key, part);
            }
        });
        forgetIdle();
        return departing.isEmpty() ? Future.succeededFuture() : store.add(departing)
            .onSuccess(totals -> totals.forEach((key, total) -> tally(key).arrive(total, clock.millis())))
            .onFailure(failure -> retryLater(departing, failure))
            .mapEmpty();
    }

    private void retryLater(Map<Key, UsageTotals> departing, Throwable failure) {
        failures.write(held -> LOG.warn("Usage could not be stored and will be stored later: {}", failure.getMessage()));
        departing.keySet().forEach(key -> tally(key).turnBack());
        storeSoon();
    }

    private void forgetIdle() {
        long since = clock.millis() - FORGET_MILLIS;
        tallies.forEach((key, tally) -> {
            if (tally.isIdleSince(since)) {
                // Check again under the map's lock: another thread may have started to use it.
                tallies.computeIfPresent(key, (same, found) -> found.isIdleSince(since) ? null : found);
            }
        });
    }

    private Tally tally(Key key) {
        return tallies.compute(key, (same, found) -> (found == null ? new Tally() : found).touch(clock.millis()));
    }

    private Key key(Principal principal) {
        return new Key(principal.issuer(), principal.subject(), month());
    }

    YearMonth month() {
        return YearMonth.now(clock.withZone(ZoneOffset.UTC));
    }

    /**
     * The quota of one user in a calendar month.
     *
     * @param requestsPerMonth tool calls and resource reads
     * @param tokensPerMonth   estimated tokens of text, in and out together
     */
    public record UsageQuota(long requestsPerMonth, long tokensPerMonth) {
    }
}

package dev.gatehouse.authz.device;

import com.github.benmanes.caffeine.cache.Cache;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientLookup;
import dev.gatehouse.authz.client.document.DocumentClients;
import dev.gatehouse.authz.device.DeviceStore.DeviceApproval;
import dev.gatehouse.authz.device.DeviceStore.DeviceRequest;
import dev.gatehouse.authz.scope.LoginClaims;
import dev.gatehouse.authz.scope.PersonScopes;
import dev.gatehouse.authz.session.LoginFailureStore;
import dev.gatehouse.authz.session.LoginFailureStore.Limit;
import dev.gatehouse.authz.session.PasswordLogin.LoginOptions;
import dev.gatehouse.authz.token.TokenIssuer;
import dev.gatehouse.authz.token.TokenIssuer.TokenOptions;
import dev.gatehouse.shared.cache.Caches;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Finds the device that a person's code stands for, and takes the decision. Codes are short, so wrong ones that are typed are
 * counted, for each source and each session (RFC 8628 §5.1); a right one does not make up for them, since guessers have right
 * ones too. Any page can make a browser open an address, so a wrong code in an address locks nothing: after a few of those in
 * a minute, codes in addresses of that source are not looked up for a while, and its people are asked to submit the form.
 */
public final class DeviceApprovals {

    private static final int WRONG_LINKS_PER_MINUTE = 10;
    private static final int MOST_SOURCES = 100_000;

    private final DeviceStore store;
    private final UserCodes codes;
    private final ClientLookup clients;
    private final DocumentClients consented;
    private final PersonScopes permitted;
    private final LoginFailureStore failures;
    private final LoginOptions limits;
    private final TokenOptions tokens;
    private final RateLimiter wrongLinks;
    /** Until when codes in addresses of a source are not looked up. */
    private final Cache<String, Long> closed = Caches.builder().maximumSize(MOST_SOURCES).expireAfterWrite(Duration.ofMinutes(1)).build();
    private final Clock clock;

    /**
     * The result of a search.
     *
     * @param device with only the scopes that the person can have; null if no device has the code, or if a limit is exceeded
     * @param client null exactly where the device is
     * @param retryAfterSeconds how long to wait; 0 where the code may be tried again at once
     */
    public record Found(DeviceRequest device, Client client, long retryAfterSeconds) {
    }

    /** @param limits as passwords have them */
    public DeviceApprovals(DeviceStore store, UserCodes codes, ClientLookup clients, DocumentClients consented, PersonScopes permitted,
                           LoginFailureStore failures, LoginOptions limits, TokenOptions tokens, Clock clock) {
        this.store = store;
        this.codes = codes;
        this.clients = clients;
        this.consented = consented;
        this.permitted = permitted;
        this.failures = failures;
        this.limits = limits;
        this.tokens = tokens;
        this.wrongLinks = new RateLimiter(WRONG_LINKS_PER_MINUTE, clock);
        this.clock = clock;
    }

    /**
     * A code that a person submits.
     *
     * @param code as {@link UserCodes#read} folded it
     * @param source where the request comes from
     * @param session hash of the browser session's identifier
     * @param sub the person of the session
     */
    public record Attempt(String code, String source, String session, String sub) {
    }

    /** Looks for the device of a submitted code. A miss is counted. */
    public Future<Found> find(Attempt attempt) {
        return unlessLocked(attempt).compose(locked -> locked != null ? Future.succeededFuture(locked)
            : pending(attempt).compose(found -> found != null ? Future.succeededFuture(found) : miss(counted(attempt))));
    }

    /** Returns true if the code in an address may be looked up for this source now. */
    public boolean mayFollowLink(String source) {
        Long until = closed.getIfPresent(source);
        return until == null || clock.millis() >= until;
    }

    /** Looks for the device of a code that came in an address. No miss locks anything. */
    public Future<Found> follow(Attempt attempt) {
        return unlessLocked(attempt).compose(locked -> locked != null ? Future.succeededFuture(locked)
            : pending(attempt).map(found -> found != null ? found : wrongLink(attempt.source())));
    }

    private Found wrongLink(String source) {
        wrongLinks.secondsToWait(source).ifPresent(wait -> closed.put(source, clock.millis() + wait * 1000));
        return new Found(null, null, 0);
    }

    /** The refusal while a limit is exceeded; null otherwise. */
    private Future<Found> unlessLocked(Attempt attempt) {
        return failures.lockedUntil(counted(attempt), clock.millis())
            .map(until -> until > 0 ? new Found(null, null, secondsUntil(until)) : null);
    }

    private List<Limit> counted(Attempt attempt) {
        return List.of(new Limit("device-session:" + attempt.session(), limits.failuresPerAccount()),
            new Limit("device-source:" + attempt.source(), limits.failuresPerSource()));
    }

    private Future<Found> pending(Attempt attempt) {
        return store.findPending(codes.hash(attempt.code()), clock.millis())
            .compose(device -> device.isEmpty() ? Future.succeededFuture() : withClient(device.get(), attempt.sub()));
    }

    private Future<Found> withClient(DeviceRequest device, String sub) {
        return clients.find(device.clientId()).compose(client -> client.isEmpty() ? Future.succeededFuture()
            : permitted.attainable(sub, client.get(), device.scopes(), device.resources())
                .map(scopes -> new Found(device.withScopes(scopes), client.get(), 0)));
    }

    private Future<Found> miss(List<Limit> counted) {
        return failures.recordFailure(counted, limits.rule(), clock.millis())
            .map(until -> new Found(null, null, until > 0 ? secondsUntil(until) : 0));
    }

    private long secondsUntil(long until) {
        return Math.max(1, (until - clock.millis() + 999) / 1000);
    }

    /** Approves a device that was found. Returns the identifier of its grant. Fails where it was decided meanwhile. */
    public Future<String> approve(Found found, String sub, LoginClaims login) {
        long now = clock.millis();
        String grantId = TokenIssuer.newGrantId();
        DeviceApproval approval = new DeviceApproval(grantId, sub, found.device().scopes(), login, now,
            now + tokens.governedBy(found.client().policy()).refreshTokenAbsoluteSeconds() * 1000);
        return consented.keep(found.client())
            .compose(kept -> store.approve(found.device().userCodeHash(), approval))
            .map(DeviceApprovals::requireDecided).map(grantId);
    }

    /** Denies a device that was found. Fails where it was decided meanwhile. */
    public Future<Void> deny(Found found, String sub) {
        return store.deny(found.device().userCodeHash(), sub, clock.millis()).map(DeviceApprovals::requireDecided);
    }

    private static Void requireDecided(boolean decided) {
        if (!decided) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "This device was answered before, or has waited too long");
        }
        return null;
    }
}

package dev.gatehouse.authz.session;

import dev.gatehouse.authz.page.BrowserCookies;
import dev.gatehouse.authz.session.SessionStore.BrowserSession;
import dev.gatehouse.authz.session.SessionStore.SeenSession;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Opens, finds and closes browser sessions. Only the server's clock decides when a session ends. */
public final class BrowserSessions {

    private static final long TOUCH_MILLIS = 30_000;

    private final BrowserCookies cookies;
    private final SessionStore sessions;
    private final UserStore users;
    private final SessionOptions options;
    private final Function<BrowserSession, Future<Optional<String>>> upstreamLogout;
    private final ClientAddress addresses;
    private final Clock clock;

    /** @param upstreamLogout returns the URL at which an identity provider ends its own session, if there is one */
    public BrowserSessions(BrowserCookies cookies, SessionStore sessions, UserStore users, SessionOptions options,
                           Function<BrowserSession, Future<Optional<String>>> upstreamLogout, ClientAddress addresses, Clock clock) {
        this.addresses = addresses;
        this.upstreamLogout = upstreamLogout;
        this.cookies = cookies;
        this.sessions = sessions;
        this.users = users;
        this.options = options;
        this.clock = clock;
    }

    /** The session of a request, if it has not expired and its user is enabled. */
    public Future<Optional<LiveSession>> current(RoutingContext context) {
        String secret = cookies.session(context);
        if (secret == null) {
            return Future.succeededFuture(Optional.empty());
        }
        return sessions.find(SecretToken.hash(secret)).map(found -> found.filter(this::isWithinLimits))
            .compose(found -> found.isEmpty() ? Future.succeededFuture(Optional.empty()) : withUser(found.get()));
    }

    private boolean isWithinLimits(BrowserSession session) {
        long now = clock.millis();
        return now < session.expiresAt() && now - session.seenAt() < options.idleSeconds() * 1000;
    }

    private Future<Optional<LiveSession>> withUser(BrowserSession session) {
        return users.findBySub(session.sub())
            .map(found -> found.filter(user -> !user.disabled()).map(user -> new LiveSession(session, user)))
            .compose(live -> touch(session).map(live));
    }

    private Future<Void> touch(BrowserSession session) {
        long now = clock.millis();
        return now - session.seenAt() < TOUCH_MILLIS ? Future.succeededFuture() : sessions.touch(session.hash(), now);
    }

    /**
     * Opens a session with a new identifier and ends the previous session of this browser.
     *
     * @param authenticatedAt the time of the authentication, epoch milliseconds
     * @param methods the methods of the authentication (RFC 8176); empty if an identity provider has authenticated the user
     */
    public Future<Void> open(RoutingContext context, User user, LoginPlace place, long authenticatedAt, List<String> methods) {
        String secret = SecretToken.generate("");
        String replaced = cookies.session(context);
        long now = clock.millis();
        BrowserSession session = new BrowserSession(SecretToken.hash(secret), user.sub(), authenticatedAt, now,
            now + options.absoluteSeconds() * 1000, methods);
        return sessions.open(session, replaced == null ? null : SecretToken.hash(replaced),
                place.interactionHash(), place.browserHash(), SessionSource.of(context.request(), addresses, options.countryHeader()))
            .onSuccess(opened -> cookies.setSession(context, secret));
    }

    /** Returns the live sessions of a user, most recently used first. */
    public Future<List<SeenSession>> of(String sub) {
        long now = clock.millis();
        return sessions.of(sub, now, now - options.idleSeconds() * 1000);
    }

    /** Ends a session of a user in any browser. Returns false if the user has no such session. */
    public Future<Boolean> end(String sub, String hash) {
        return sessions.end(sub, hash);
    }

    /** Ends all sessions of a user. */
    public Future<Void> endAll(String sub) {
        return sessions.endAll(sub);
    }

    /** Ends the session of a request and deletes its cookie. */
    public Future<Void> close(RoutingContext context) {
        String secret = cookies.session(context);
        cookies.dropSession(context);
        return secret == null ? Future.succeededFuture() : sessions.close(SecretToken.hash(secret));
    }

    /** Ends a session at the request of its user. Returns the URL at which the identity provider ends its session, if there is one. */
    public Future<Optional<String>> logOut(RoutingContext context, LiveSession live) {
        return close(context).compose(closed -> upstreamLogout.apply(live.session()));
    }

    /**
     * The lifetimes of browser sessions.
     *
     * @param transactionSeconds time for login and consent of one request
     * @param countryHeader the header in which the trusted proxies name the country of a client; null for none
     */
    public record SessionOptions(long idleSeconds, long absoluteSeconds, long transactionSeconds, String countryHeader) {
    }

    /** A session that has not expired, with its user. */
    public record LiveSession(BrowserSession session, User user) {
    }
}

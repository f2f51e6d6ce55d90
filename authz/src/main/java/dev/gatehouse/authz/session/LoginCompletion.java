package dev.gatehouse.authz.session;

import dev.gatehouse.authz.factor.SecondFactors;
import dev.gatehouse.authz.factor.SecondFactors.Factors;
import dev.gatehouse.authz.factor.SecondFactors.SecondFactorOptions;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.session.BrowserSessions.LiveSession;
import dev.gatehouse.authz.session.PendingLoginStore.PendingLogin;
import dev.gatehouse.authz.session.PendingLoginStore.Proof;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserGroupStore;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Completes a login: opens the session, or first asks for the factor that the login lacks. */
public final class LoginCompletion {

    /** The method of a login with several factors (RFC 8176 §2). */
    static final String MULTIPLE = "mfa";

    private final BrowserSessions sessions;
    private final PendingLoginStore pending;
    private final SecondFactors factors;
    private final UserGroupStore groups;
    private final UserStore users;
    private final SecondFactorOptions options;
    private final LoginNotice notice;
    private final long lifetimeMillis;
    private final PagePaths paths;
    private final ClientAddress addresses;
    private final Clock clock;

    public LoginCompletion(BrowserSessions sessions, PendingLoginStore pending, SecondFactors factors, UserGroupStore groups, UserStore users,
                           SecondFactorOptions options, LoginNotice notice, long lifetimeSeconds, PagePaths paths, ClientAddress addresses, Clock clock) {
        this.sessions = sessions;
        this.pending = pending;
        this.factors = factors;
        this.groups = groups;
        this.users = users;
        this.options = options;
        this.notice = notice;
        this.lifetimeMillis = lifetimeSeconds * 1000;
        this.paths = paths;
        this.addresses = addresses;
        this.clock = clock;
    }

    /** Continues after the first factor, and answers the request. */
    public Future<Void> complete(RoutingContext context, User user, LoginPlace place, Proof proof) {
        return lacksFactor(user, proof).compose(lacking -> lacking ? ask(context, user, place, proof)
            : open(context, user, place, proof).compose(opened -> Pages.redirect(context, place.onward())));
    }

    private Future<Boolean> lacksFactor(User user, Proof proof) {
        if (proof.methods().contains(MULTIPLE) || proof.provider() != null && !options.afterProviders()) {
            return Future.succeededFuture(false);
        }
        return factors.of(user.sub()).compose(own -> own.any() ? Future.succeededFuture(true) : mustHaveFactor(user));
    }

    /** Returns whether the configuration requires a second factor of a user. */
    public Future<Boolean> mustHaveFactor(User user) {
        return options.required() || options.requiredGroups().isEmpty() ? Future.succeededFuture(options.required())
            : groups.of(user.sub()).map(all -> all.stream().anyMatch(group -> options.requiredGroups().contains(group.name())));
    }

    /** Asks a logged-in user for the factor that the session lacks. The time of the authentication stays that of the first factor. */
    public Future<Void> stepUp(RoutingContext context, LiveSession live, LoginPlace place) {
        return ask(context, live.user(), place, new Proof(live.session().authenticatedAt(), live.session().methods(), null));
    }

    /** Returns the factors with which a user can step up. */
    public Future<Factors> factors(User user) {
        return factors.of(user.sub());
    }

    private Future<Void> ask(RoutingContext context, User user, LoginPlace place, Proof proof) {
        String id = SecretToken.generate("");
        return pending.begin(new PendingLogin(SecretToken.hash(id), user.sub(), place, proof, clock.millis() + lifetimeMillis), user.passwordHash())
            .compose(begun -> Pages.redirect(context, paths.factor(id)));
    }

    /** Opens the session after another factor. @param method the method of that factor (RFC 8176) */
    Future<Void> open(RoutingContext context, User user, PendingLogin login, String method) {
        Proof proof = login.proof();
        return open(context, user, login.place(), new Proof(proof.authenticatedAt(), withFactor(proof.methods(), method), proof.provider()));
    }

    private static List<String> withFactor(Collection<String> methods, String method) {
        return new ArrayList<>(Stream.concat(methods.stream(), Stream.of(method, MULTIPLE)).distinct().toList());
    }

    Future<Void> open(RoutingContext context, User user, LoginPlace place, Proof proof) {
        RequestId.origin(context, addresses).record("login_succeeded", "sub", user.sub(), "client_id", place.clientId(),
            "provider", proof.provider(), "methods", String.join(" ", proof.methods()));
        return notice.ofLogin(context, user, place.browserHash())
            .compose(noticed -> users.recordLogin(user.sub(), clock.millis()))
            .compose(recorded -> sessions.open(context, user, place, proof.authenticatedAt(), proof.methods()));
    }
}

package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.federation.FederatedLogin.Entered;
import dev.gatehouse.authz.federation.FederationStore.Pending;
import dev.gatehouse.authz.federation.FederationStore.Settled;
import dev.gatehouse.authz.mail.AccountNotices;
import dev.gatehouse.authz.mail.AccountNotices.Change;
import dev.gatehouse.authz.page.BrowserCookies;
import dev.gatehouse.authz.page.PageException;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.session.LoginCompletion;
import dev.gatehouse.authz.session.PendingLoginStore.Proof;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.audit.AuditLog.RequestOrigin;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.util.Optional;

/** The redirect URI of each identity provider, where the browser comes back after a login there. */
public final class CallbackPages {

    private final FederatedLogin login;
    private final IdentityProviders providers;
    private final BrowserCookies cookies;
    private final LoginCompletion completion;
    private final UserStore users;
    private final AccountNotices notices;
    private final ClientAddress addresses;

    public CallbackPages(FederatedLogin login, IdentityProviders providers, BrowserCookies cookies, LoginCompletion completion, UserStore users,
                         AccountNotices notices, ClientAddress addresses) {
        this.login = login;
        this.providers = providers;
        this.cookies = cookies;
        this.completion = completion;
        this.users = users;
        this.notices = notices;
        this.addresses = addresses;
    }

    /** Answers the browser. @param name the provider whose redirect URI this is */
    public Future<Void> get(RoutingContext context, String name) {
        FormParameters response = FormParameters.parse(context.request().query());
        String state = response.single("state");
        String browser = cookies.browser(context);
        if (state == null) {
            return Future.failedFuture(PageException.expired());
        }
        return browser == null ? Future.failedFuture(PageException.otherBrowser())
            : login.take(state, browser).compose(found -> found.isEmpty() ? refuse(state) : answer(context, name, response, state, found.get()));
    }

    private Future<Void> refuse(String state) {
        return login.isOfOtherBrowser(state).compose(other -> Future.failedFuture(other ? PageException.otherBrowser() : PageException.expired()));
    }

    private Future<Void> answer(RoutingContext context, String name, FormParameters response, String state, Pending pending) {
        RequestOrigin origin = RequestId.origin(context, addresses);
        IdentityProvider provider = providers.named(name).orElseThrow();
        LoginState started = login.open(pending, state);
        return requireProvider(pending, name).compose(own -> login.requireIssuer(provider, response))
            .compose(own -> "access_denied".equals(response.single("error")) ? Pages.redirect(context, started.place().again())
                : login.enter(provider, started, requireCode(response)).compose(entered -> open(context, origin, entered)))
            .recover(failure -> {
                if (!(failure instanceof UpstreamException refusal)) {
                    return Future.failedFuture(failure);
                }
                origin.record("federated_login_failed", "provider", name, "client_id", started.place().clientId(), "fault", refusal.fault(),
                    "reason", refusal.getMessage());
                return Future.failedFuture(refusal.fault().page(provider.options().label()));
            });
    }

    /** Each provider has a redirect URI of its own, so that a response of one is never taken for a response of another (RFC 9700 §4.4.2). */
    private static Future<Void> requireProvider(Pending pending, String name) {
        return pending.provider().equals(name) ? Future.succeededFuture()
            : Future.failedFuture(new UpstreamException(UpstreamFault.OTHER_ISSUER, "the redirect URI of another provider"));
    }

    /** The text of an error is not shown: it comes from the URL, which anyone can write. */
    private static String requireCode(FormParameters response) {
        String error = response.single("error");
        if (error != null) {
            boolean temporary = error.equals("temporarily_unavailable") || error.equals("server_error");
            throw new UpstreamException(temporary ? UpstreamFault.UNREACHABLE : UpstreamFault.REJECTED,
                "authorization response: " + error.replaceAll("[^a-z_]", ""));
        }
        String code = response.single("code");
        if (code == null) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The response has neither a code nor an error");
        }
        return code;
    }

    private Future<Void> open(RoutingContext context, RequestOrigin origin, Entered entered) {
        if (!entered.change().isEmpty()) {
            origin.record(entered.change(), "sub", entered.sub(), "provider", entered.provider());
        }
        return users.findBySub(entered.sub()).map(Optional::orElseThrow).compose(user -> inform(user, entered)
            .compose(informed -> entered.place().linkTo() != null ? Pages.redirect(context, entered.place().onward())
                : completion.complete(context, user, entered.place(), new Proof(entered.authenticatedAt(), entered.methods(), entered.provider()))));
    }

    /** The first login to an account without a password, such as a provisioned one, is no news. */
    private Future<Void> inform(User user, Entered entered) {
        return entered.change().equals(Settled.LINKED) && (user.hasPassword() || user.lastLoginAt() != null) ? notices.send(user, Change.IDENTITY_LINKED) : Future.succeededFuture();
    }
}

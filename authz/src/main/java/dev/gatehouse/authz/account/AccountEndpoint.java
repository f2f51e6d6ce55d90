package dev.gatehouse.authz.account;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.mail.AccountNotices;
import dev.gatehouse.authz.mail.AccountNotices.Change;
import dev.gatehouse.authz.page.FormGuard;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.scope.ScopePolicy.ScopeOptions;
import dev.gatehouse.authz.session.BrowserSessions;
import dev.gatehouse.authz.session.BrowserSessions.LiveSession;
import dev.gatehouse.authz.session.LoginChoices.Choice;
import dev.gatehouse.authz.session.LoginPage;
import dev.gatehouse.authz.session.LoginPlace;
import dev.gatehouse.authz.session.SignIn;
import dev.gatehouse.authz.token.TokenIndex;
import dev.gatehouse.authz.user.ExternalIdentityStore;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.audit.AuditLog.RequestOrigin;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** The account page, where users see and end the access of applications, their sessions and their linked identities. */
public final class AccountEndpoint {

    private static final String NOTHING_LEFT = "Keep at least one permission, or end the access. Nothing was changed.";
    private static final String ONLY_WAY = "This is your only way to sign in, so its link stays.";
    private static final int UNPROCESSABLE = 422;

    private final AccountForms forms;
    private final FormGuard guard;
    private final BrowserSessions sessions;
    private final AccessStore access;
    private final UserStore users;
    private final TokenIndex index;
    private final SignIn signIn;
    private final ExternalIdentityStore identities;
    private final Pages pages;
    private final PagePaths paths;
    private final List<ScopeOptions> scopes;
    private final ScopeHierarchy hierarchy;
    private final ClientAddress addresses;
    private final Clock clock;
    private final AccountNotices notices;
    private final boolean mail;

    /** @param mail whether the server sends mail */
    public AccountEndpoint(AccountForms forms, FormGuard guard, BrowserSessions sessions, AccessStore access, UserStore users, TokenIndex index,
                    SignIn signIn, ExternalIdentityStore identities, Pages pages, PagePaths paths, List<ScopeOptions> scopes, ScopeHierarchy hierarchy, ClientAddress addresses, Clock clock,
                    AccountNotices notices, boolean mail) {
        this.forms = forms;
        this.guard = guard;
        this.sessions = sessions;
        this.access = access;
        this.users = users;
        this.hierarchy = hierarchy;
        this.index = index;
        this.signIn = signIn;
        this.identities = identities;
        this.pages = pages;
        this.paths = paths;
        this.scopes = scopes;
        this.addresses = addresses;
        this.clock = clock;
        this.notices = notices;
        this.mail = mail;
    }

    public Future<Void> get(RoutingContext context) {
        return sessions.current(context).compose(session -> session.isEmpty()
            ? showLogin(context, 200, "", "") : showAccount(context, session.get(), 200, ""));
    }

    public Future<Void> post(RoutingContext context) {
        return guard.readOwn(context)
            .compose(form -> sessions.current(context).compose(session -> act(context, form, session)));
    }

    private Future<Void> act(RoutingContext context, FormParameters form, Optional<LiveSession> session) {
        FormGuard.requireToken(form, forms.token(context, session));
        return switch (String.valueOf(form.single("act"))) {
            case "end" -> session.isEmpty() ? back(context) : end(context, form, session.get().user());
            case "logout" -> session.isEmpty() ? sessions.close(context).compose(closed -> back(context)) : logOut(context, session.get());
            case "narrow" -> session.isEmpty() ? back(context) : narrow(context, form, session.get());
            case "endsession" -> session.isEmpty() ? back(context) : endSession(context, form, session.get());
            case "everywhere" -> session.isEmpty() ? back(context) : logOutEverywhere(context, form, session.get());
            case "unlink" -> session.isEmpty() ? back(context) : unlink(context, form, session.get());
            case "link" -> session.isEmpty() ? back(context) : link(context, form, session.get());
            default -> session.isPresent() ? back(context) : logIn(context, form);
        };
    }

    private Future<Void> logOut(RoutingContext context, LiveSession session) {
        return sessions.logOut(context, session).compose(upstream -> Pages.redirect(context, upstream.orElse(paths.account())));
    }

    private Future<Void> narrow(RoutingContext context, FormParameters form, LiveSession session) {
        Scopes kept = hierarchy.expand(new Scopes(new LinkedHashSet<>(form.all("scope"))));
        if (kept.isEmpty()) {
            return showAccount(context, session, UNPROCESSABLE, NOTHING_LEFT);
        }
        String clientId = form.required("client");
        return access.narrow(session.user().sub(), clientId, form.required("redirect"), kept, clock.millis()).compose(changed -> {
            forms.record(context, "access_narrowed", "sub", session.user().sub(), "client_id", clientId, "scope", kept, "changed", changed);
            return done(context, "narrowed");
        });
    }

    private Future<Void> endSession(RoutingContext context, FormParameters form, LiveSession session) {
        return sessions.end(session.user().sub(), form.required("session")).compose(ended -> {
            if (ended) {
                forms.record(context, "session_ended", "sub", session.user().sub());
            }
            return done(context, "session");
        });
    }

    /** Ends all sessions, this one too, and on request the access of all applications. */
    private Future<Void> logOutEverywhere(RoutingContext context, FormParameters form, LiveSession session) {
        String sub = session.user().sub();
        boolean withGrants = form.has("grants");
        return (withGrants ? users.endAccess(sub, clock.millis()) : sessions.endAll(sub)).compose(ended -> {
            if (withGrants) {
                index.forget(InvalidationKind.USER, sub);
            }
            forms.record(context, "logged_out_everywhere", "sub", sub, "grants_ended", withGrants);
            return logOut(context, session);
        });
    }

    /** Removes a link, if the user can still sign in without it. */
    private Future<Void> unlink(RoutingContext context, FormParameters form, LiveSession session) {
        ExternalIdentity identity = new ExternalIdentity(form.required("issuer"), form.has("tenant") ? form.single("tenant") : "", form.required("subject"));
        return identities.of(session.user().username()).compose(linked -> {
            if (!linked.contains(identity)) {
                return back(context);
            }
            if (!canSignInWithout(session.user(), linked, identity)) {
                return showAccount(context, session, UNPROCESSABLE, ONLY_WAY);
            }
            return forms.confirm(context, session, form).compose(refusal -> refusal.isPresent()
                ? showAccount(context, session, refusal.get().status(), refusal.get().problem())
                : identities.unlink(identity).compose(unlinked -> {
                    forms.record(context, "identity_unlinked", "sub", session.user().sub(), "issuer", identity.issuer());
                    return notices.send(session.user(), Change.IDENTITY_UNLINKED).compose(informed -> done(context, "unlinked"));
                }));
        });
    }

    private boolean canSignInWithout(User user, List<ExternalIdentity> linked, ExternalIdentity identity) {
        return signIn.choices().passwords() && user.hasPassword() || linked.stream().filter(each -> !each.equals(identity))
            .anyMatch(each -> signIn.choices().providers().stream().anyMatch(choice -> choice.issuer().equals(each.issuer())));
    }

    /** Sends the user to an identity provider, to link the identity there to the account. */
    private Future<Void> link(RoutingContext context, FormParameters form, LiveSession session) {
        LoginPlace place = LoginPlace.of(forms.browserHash(context), paths.account()).linking(session.user().sub());
        return form.has("provider") ? signIn.attempt(context, form, place, (status, username, problem) -> back(context)) : back(context);
    }

    private Future<Void> logIn(RoutingContext context, FormParameters form) {
        String browser = forms.browserHash(context);
        return signIn.attempt(context, form, LoginPlace.of(browser, paths.account()), (status, username, problem) ->
            showLogin(context, status, username, problem));
    }

    private Future<Void> end(RoutingContext context, FormParameters form, User user) {
        String clientId = form.required("client");
        RequestOrigin origin = RequestId.origin(context, addresses);
        String browser = forms.browserHash(context);
        return access.end(user.sub(), clientId, form.required("redirect"), browser, clock.millis()).compose(ended -> {
            origin.record("access_ended", "sub", user.sub(), "client_id", clientId);
            ended.forEach(grantId -> {
                index.forget(InvalidationKind.GRANT, grantId);
                origin.record("grant_revoked", "sub", user.sub(), "client_id", clientId, "grant_id", grantId);
            });
            return back(context);
        });
    }

    /** Shows the page again with a confirmation. */
    private Future<Void> done(RoutingContext context, String change) {
        return Pages.redirect(context, paths.account() + "?done=" + change);
    }

    private Future<Void> back(RoutingContext context) {
        return Pages.redirect(context, paths.account());
    }

    private Future<Void> showLogin(RoutingContext context, int status, String username, String problem) {
        return pages.sendLeaving(context, status, new LoginPage(paths.account(), "", forms.token(context, Optional.empty()),
            "your account", username, problem, status == 429, signIn.choices()));
    }

    private Future<Void> showAccount(RoutingContext context, LiveSession session, int status, String error) {
        String token = forms.token(context, Optional.of(session));
        User user = session.user();
        return access.of(user.sub(), clock.millis())
            .map(all -> all.stream().map(each -> AccountPage.Entry.of(each, scopes)).toList())
            .compose(entries -> identities.of(user.username()).compose(linked -> sessions.of(user.sub()).compose(live ->
                pages.sendLeaving(context, status, new AccountPage(paths.account(), token, notice(context), error, AccountPage.Profile.of(user), entries,
                    live.stream().map(each -> AccountPage.Session.of(each, session.session().hash())).toList(),
                    linked.stream().map(identity -> new AccountPage.Identity(label(identity), identity.issuer(), identity.tenant(), identity.subject(),
                        canSignInWithout(user, linked, identity))).toList(),
                    unlinked(linked), new AccountPage.Links(signIn.choices().passwords() && user.hasPassword() ? paths.password() : "", paths.secondFactor(),
                        signIn.choices().passkeys() ? paths.passkeys() : "", mail ? paths.email() : ""))))));
    }

    /** Confirms a change after its redirect. The parameter selects one of the fixed texts. */
    private static String notice(RoutingContext context) {
        return switch (String.valueOf(context.request().getParam("done"))) {
            case "password" -> "Your password has changed.";
            case "factor" -> "Your second factor was removed.";
            case "emailsent" -> "Open the link in the mail to your new address. It is valid for a day.";
            case "email" -> "Your email address has changed.";
            case "narrowed" -> "The application keeps the chosen permissions. It gets them at its next refresh.";
            case "session" -> "The session has ended.";
            case "unlinked" -> "The sign-in service is no longer linked to your account.";
            default -> "";
        };
    }

    /** The name of the provider of an identity, or its issuer if that is no provider of the configuration. */
    private String label(ExternalIdentity identity) {
        return signIn.choices().providers().stream().filter(choice -> choice.issuer().equals(identity.issuer())).findFirst()
            .map(Choice::label).orElse(identity.issuer());
    }

    private List<Choice> unlinked(List<ExternalIdentity> linked) {
        return signIn.choices().providers().stream()
            .filter(choice -> linked.stream().noneMatch(identity -> identity.issuer().equals(choice.issuer()))).toList();
    }
}

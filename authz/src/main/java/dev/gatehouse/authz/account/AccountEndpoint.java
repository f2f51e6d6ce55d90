package dev.gatehouse.authz.account;

import dev.gatehouse.authz.account.AccessStore.ApplicationAccess;
import dev.gatehouse.authz.account.AccessStore.ApplicationAccess.Standing;
import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.client.RedirectUris;
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
import dev.gatehouse.shared.audit.AuditLog.RequestOrigin;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RequestId;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The account page, where users see and revoke the access of applications, and log out. */
public final class AccountEndpoint {

    private final AccountForms forms;
    private final FormGuard guard;
    private final BrowserSessions sessions;
    private final AccessStore access;
    private final TokenIndex index;
    private final SignIn signIn;
    private final ExternalIdentityStore identities;
    private final Pages pages;
    private final PagePaths paths;
    private final List<ScopeOptions> scopes;
    private final ClientAddress addresses;
    private final Clock clock;

    public AccountEndpoint(AccountForms forms, FormGuard guard, BrowserSessions sessions, AccessStore access, TokenIndex index,
                    SignIn signIn, ExternalIdentityStore identities, Pages pages, PagePaths paths, List<ScopeOptions> scopes, ClientAddress addresses, Clock clock) {
        this.forms = forms;
        this.guard = guard;
        this.sessions = sessions;
        this.access = access;
        this.index = index;
        this.signIn = signIn;
        this.identities = identities;
        this.pages = pages;
        this.paths = paths;
        this.scopes = scopes;
        this.addresses = addresses;
        this.clock = clock;
    }

    public Future<Void> get(RoutingContext context) {
        return sessions.current(context).compose(session -> session.isEmpty()
            ? showLogin(context, 200, "", "") : showAccount(context, session.get()));
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
            case "link" -> session.isEmpty() ? back(context) : link(context, form, session.get());
            default -> session.isPresent() ? back(context) : logIn(context, form);
        };
    }

    private Future<Void> logOut(RoutingContext context, LiveSession session) {
        return sessions.logOut(context, session).compose(upstream -> Pages.redirect(context, upstream.orElse(paths.account())));
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

    private Future<Void> back(RoutingContext context) {
        return Pages.redirect(context, paths.account());
    }

    private Future<Void> showLogin(RoutingContext context, int status, String username, String problem) {
        return pages.sendLeaving(context, status, new LoginPage(paths.account(), "", forms.token(context, Optional.empty()),
            "your applications", username, problem, status == 429, signIn.choices()));
    }

    private Future<Void> showAccount(RoutingContext context, LiveSession session) {
        String token = forms.token(context, Optional.of(session));
        return access.of(session.user().sub(), clock.millis())
            .map(all -> all.stream().map(each -> AccountPage.Entry.of(each, scopes)).toList())
            .compose(entries -> identities.of(session.user().username()).compose(linked -> pages.sendLeaving(context, 200,
                new AccountPage(paths.account(), token, session.user().username(), entries, notice(context), session.user().hasPassword() ? paths.password() : "", linked.stream().map(this::label).toList(),
                    unlinked(linked)))));
    }

    /** Confirms a change after its redirect. The parameter selects one of the fixed texts. */
    private static String notice(RoutingContext context) {
        return switch (String.valueOf(context.request().getParam("done"))) {
            case "password" -> "Your password has changed.";
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

    /** Lists the applications with access to the account. */
    private record AccountPage(String action, String csrf, String account, List<Entry> applications, String notice, String password,
                               List<String> identities, List<Choice> providers) {

        private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

        /** One application. @param place the destination of its responses. @param standing a note on its access, or empty */
        record Entry(String clientId, String name, String redirectUri, String place, String permissions,
                     List<String> resources, String standing, String since) {

            static Entry of(ApplicationAccess access, List<ScopeOptions> scopes) {
                String permissions = scopes.stream().filter(scope -> access.scopes().contains(scope.name()))
                    .map(ScopeOptions::title).collect(Collectors.joining(", "));
                return new Entry(access.clientId(), access.name(), access.redirectUri(), place(access.redirectUri()), permissions,
                    access.resources(), standing(access.standing()), DAY.format(Instant.ofEpochMilli(access.since())));
            }

            private static String standing(Standing standing) {
                return switch (standing) {
                    case GRANTED -> "";
                    case WAITING -> "You have approved this device. It has not used the approval yet.";
                    case REMEMBERED -> "It has no access now. It can get access again without asking you.";
                };
            }

            private static String place(String redirectUri) {
                if (redirectUri.equals(RedirectUris.OUT_OF_BAND)) {
                    return "a code to copy";
                }
                return redirectUri.equals(GrantType.DEVICE_CODE.wireName()) ? "a device" : RedirectUris.destination(redirectUri);
            }
        }

        public String title() {
            return "Your applications";
        }
    }
}

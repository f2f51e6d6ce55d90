package dev.gatehouse.authz.account;

import dev.gatehouse.authz.factor.PasskeyStore.StoredPasskey;
import dev.gatehouse.authz.factor.Passkeys;
import dev.gatehouse.authz.factor.RecoveryCodesPage;
import dev.gatehouse.authz.factor.SecondFactors;
import dev.gatehouse.authz.factor.SecondFactors.Factors;
import dev.gatehouse.authz.mail.AccountNotices;
import dev.gatehouse.authz.mail.AccountNotices.Change;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.session.BrowserSessions.LiveSession;
import dev.gatehouse.authz.session.LoginCompletion;
import dev.gatehouse.authz.session.LoginPlace;
import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.util.List;
import java.util.Optional;

/** The page on which users add and remove passkeys. */
public final class PasskeyEndpoint {

    private static final String NOT_ADDED = "The passkey could not be added. Try again. Nothing was changed.";
    private static final String REQUIRED = "Your organization requires a second factor, so your last one stays.";
    private static final int UNPROCESSABLE = 422;
    private static final int LONGEST_NAME = 60;

    private final AccountForms forms;
    private final Passkeys passkeys;
    private final SecondFactors factors;
    private final LoginCompletion logins;
    private final AccountNotices notices;
    private final Pages pages;
    private final PagePaths paths;

    public PasskeyEndpoint(AccountForms forms, Passkeys passkeys, SecondFactors factors, LoginCompletion logins, AccountNotices notices, Pages pages, PagePaths paths) {
        this.forms = forms;
        this.passkeys = passkeys;
        this.factors = factors;
        this.logins = logins;
        this.notices = notices;
        this.pages = pages;
        this.paths = paths;
    }

    public Future<Void> get(RoutingContext context) {
        return forms.loggedIn(context, live -> show(context, live, 200, ""));
    }

    public Future<Void> post(RoutingContext context) {
        return forms.submitted(context, (live, form) -> factors.of(live.user().sub()).compose(own -> act(context, live, form, own)));
    }

    /** A session that lacks the user's second factor proves less than the change needs. */
    private Future<Void> act(RoutingContext context, LiveSession live, FormParameters form, Factors own) {
        if (own.any() && !live.session().methods().contains("mfa")) {
            return logins.stepUp(context, live, LoginPlace.of(forms.browserHash(context), paths.passkeys()));
        }
        return forms.confirm(context, live, form).compose(refusal -> refusal.isPresent()
            ? show(context, live, refusal.get().status(), refusal.get().problem())
            : form.has("remove") ? remove(context, live, form.single("remove"), own) : add(context, live, form, own));
    }

    private Future<Void> add(RoutingContext context, LiveSession live, FormParameters form, Factors own) {
        String typed = form.has("name") ? form.single("name").strip() : "";
        String name = typed.isEmpty() || typed.length() > LONGEST_NAME ? "Passkey" : typed;
        return passkeys.register(live.user(), name, form.has("passkey") ? form.single("passkey") : "", live.session().hash()).compose(added -> {
            if (!added) {
                return show(context, live, UNPROCESSABLE, NOT_ADDED);
            }
            forms.record(context, "passkey_added", "sub", live.user().sub());
            return notices.send(live.user(), Change.PASSKEY_ADDED).compose(noticed -> own.any() ? Pages.redirect(context, paths.passkeys())
                : factors.renewCodes(live.user().sub())
                    .compose(codes -> pages.send(context, 200, new RecoveryCodesPage(codes, paths.account(), "Back to your account"))));
        });
    }

    private Future<Void> remove(RoutingContext context, LiveSession live, String credentialId, Factors own) {
        boolean last = !own.hasApp() && own.passkeys() == 1;
        return (last ? logins.mustHaveFactor(live.user()) : Future.succeededFuture(false))
            .compose(must -> must ? show(context, live, UNPROCESSABLE, REQUIRED)
                : passkeys.remove(live.user().sub(), credentialId).compose(removed -> removed ? removed(context, live) : Future.succeededFuture())
                    .compose(removed -> Pages.redirect(context, paths.passkeys())));
    }

    private Future<Void> removed(RoutingContext context, LiveSession live) {
        forms.record(context, "passkey_removed", "sub", live.user().sub());
        return notices.send(live.user(), Change.PASSKEY_REMOVED);
    }

    private Future<Void> show(RoutingContext context, LiveSession live, int status, String error) {
        return passkeys.of(live.user().sub()).compose(own -> pages.send(context, status, new PasskeysPage(paths.passkeys(), paths.account(),
            forms.token(context, Optional.of(live)), live.user().username(), live.user().hasPassword(), error,
            passkeys.creation(live.user(), own, live.session().hash()), own.stream().map(Entry::of).toList())));
    }

    /** The page. @param creation the options for the script, as JSON */
    record PasskeysPage(String action, String account, String csrf, String username, boolean hasPassword, String error, String creation,
                        List<Entry> passkeys) {

        public String title() {
            return "Passkeys";
        }
    }

    /** A passkey on the page. */
    record Entry(String id, String name, String since, String used) {

        static Entry of(StoredPasskey passkey) {
            return new Entry(passkey.id(), passkey.name(), AccountPage.day(passkey.createdAt()),
                passkey.usedAt() == null ? "" : AccountPage.day(passkey.usedAt()));
        }
    }
}

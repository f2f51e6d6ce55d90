package dev.gatehouse.authz.account;

import dev.gatehouse.authz.factor.EnrolmentPage;
import dev.gatehouse.authz.factor.RecoveryCodesPage;
import dev.gatehouse.authz.factor.SecondFactors;
import dev.gatehouse.authz.factor.SecondFactors.Factors;
import dev.gatehouse.authz.factor.SecondFactors.Offer;
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

/** The page on which users add and remove their authenticator app, and get new recovery codes. */
public final class SecondFactorEndpoint {

    private static final String NOT_ADDED = "The code is wrong. Check the time of the device with the app, and enter the current code. Nothing was changed.";
    private static final String REQUIRED = "Your organization requires a second factor, so it stays.";
    private static final int UNPROCESSABLE = 422;

    private final AccountForms forms;
    private final SecondFactors factors;
    private final LoginCompletion logins;
    private final AccountNotices notices;
    private final Pages pages;
    private final PagePaths paths;

    public SecondFactorEndpoint(AccountForms forms, SecondFactors factors, LoginCompletion logins, AccountNotices notices, Pages pages, PagePaths paths) {
        this.forms = forms;
        this.factors = factors;
        this.logins = logins;
        this.notices = notices;
        this.pages = pages;
        this.paths = paths;
    }

    public Future<Void> get(RoutingContext context) {
        return forms.loggedIn(context, live -> factors.of(live.user().sub()).compose(own -> own.hasApp()
            ? show(context, live, own, 200, "") : offer(context, live, 200, "", factors.offer(live.user(), live.session().hash()))));
    }

    public Future<Void> post(RoutingContext context) {
        return forms.submitted(context, (live, form) -> factors.of(live.user().sub()).compose(own -> act(context, live, form, own)));
    }

    private Future<Void> act(RoutingContext context, LiveSession live, FormParameters form, Factors own) {
        // A session of before the factor, or of a login elsewhere, proves less than the factor that it would change.
        if (own.any() && !live.session().methods().contains("mfa")) {
            return logins.stepUp(context, live, LoginPlace.of(forms.browserHash(context), paths.secondFactor()));
        }
        if (!own.hasApp()) {
            return form.has("offer") ? add(context, live, form) : Pages.redirect(context, paths.secondFactor());
        }
        return forms.confirm(context, live, form).compose(refusal -> refusal.isPresent()
            ? show(context, live, own, refusal.get().status(), refusal.get().problem())
            : switch (String.valueOf(form.single("act"))) {
                case "codes" -> renew(context, live);
                case "remove" -> remove(context, live, own);
                default -> Pages.redirect(context, paths.secondFactor());
            });
    }

    private Future<Void> add(RoutingContext context, LiveSession live, FormParameters form) {
        String sealed = form.single("offer");
        Offer again = factors.offerAgain(live.user(), live.session().hash(), sealed);
        return forms.confirm(context, live, form).compose(refusal -> refusal.isPresent()
            ? offer(context, live, refusal.get().status(), refusal.get().problem(), again)
            : factors.enrol(live.user(), live.session().hash(), sealed, form.has("code") ? form.single("code") : "")
                .compose(codes -> codes.isEmpty() ? offer(context, live, UNPROCESSABLE, NOT_ADDED, again) : added(context, live, codes)));
    }

    private Future<Void> added(RoutingContext context, LiveSession live, Optional<List<String>> codes) {
        forms.record(context, "second_factor_added", "sub", live.user().sub());
        return notices.send(live.user(), Change.APP_ADDED).compose(noticed -> showCodes(context, codes.orElseThrow()));
    }

    private Future<Void> renew(RoutingContext context, LiveSession live) {
        return factors.renewCodes(live.user().sub()).compose(codes -> {
            forms.record(context, "recovery_codes_renewed", "sub", live.user().sub());
            return notices.send(live.user(), Change.CODES_RENEWED).compose(noticed -> showCodes(context, codes));
        });
    }

    private Future<Void> remove(RoutingContext context, LiveSession live, Factors own) {
        return (own.passkeys() > 0 ? Future.succeededFuture(false) : logins.mustHaveFactor(live.user())).compose(must -> must ? show(context, live, own, UNPROCESSABLE, REQUIRED)
            : factors.removeApp(live.user().sub()).compose(removed -> {
                forms.record(context, "second_factor_removed", "sub", live.user().sub());
                return notices.send(live.user(), Change.APP_REMOVED).compose(noticed -> Pages.redirect(context, paths.account() + "?done=factor"));
            }));
    }

    private Future<Void> showCodes(RoutingContext context, List<String> codes) {
        return pages.send(context, 200, new RecoveryCodesPage(codes, paths.account(), "Back to your account"));
    }

    private Future<Void> offer(RoutingContext context, LiveSession live, int status, String error, Offer offer) {
        return pages.send(context, status, new EnrolmentPage(paths.secondFactor(), "", forms.token(context, Optional.of(live)), live.user().username(),
            error, offer, live.user().hasPassword(), paths.account()));
    }

    private Future<Void> show(RoutingContext context, LiveSession live, Factors own, int status, String error) {
        return pages.send(context, status, new SecondFactorPage(paths.secondFactor(), paths.account(), forms.token(context, Optional.of(live)),
            live.user().username(), live.user().hasPassword(), error, AccountPage.day(own.appSince()), own.recoveryCodes()));
    }

    /** The page of the factors that a user has. @param since the day on which the app was added @param codes the unused recovery codes */
    record SecondFactorPage(String action, String account, String csrf, String username, boolean hasPassword, String error, String since, int codes) {

        public String title() {
            return "Authenticator app";
        }
    }
}

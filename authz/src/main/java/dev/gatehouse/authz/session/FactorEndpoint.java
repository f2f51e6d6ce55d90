package dev.gatehouse.authz.session;

import dev.gatehouse.authz.factor.EnrolmentPage;
import dev.gatehouse.authz.factor.EnrolmentPage.NewFactorPage;
import dev.gatehouse.authz.factor.Passkeys;
import dev.gatehouse.authz.factor.RecoveryCodesPage;
import dev.gatehouse.authz.factor.SecondFactors;
import dev.gatehouse.authz.factor.SecondFactors.Checked;
import dev.gatehouse.authz.factor.SecondFactors.Factors;
import dev.gatehouse.authz.mail.AccountNotices;
import dev.gatehouse.authz.mail.AccountNotices.Change;
import dev.gatehouse.authz.page.BrowserCookies;
import dev.gatehouse.authz.page.Durations;
import dev.gatehouse.authz.page.FormGuard;
import dev.gatehouse.authz.page.PageException;
import dev.gatehouse.authz.page.PageModel;
import dev.gatehouse.authz.page.PageModel.FormPostPage.Field;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.session.PendingLoginStore.PendingLogin;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The second step of a login: asks for a code, or lets a user who needs a second factor add one. */
public final class FactorEndpoint {

    private static final String WRONG = "The code is wrong or was used before. Wait for the next one and try again.";
    private static final String NOT_ADDED = "The code is wrong. Check the time of the device with the app, and enter the current code.";
    private static final String PASSKEY_NOT_ADDED = "The passkey could not be added. Try again, or use an authenticator app.";
    private static final String ONLY_PASSKEY = "A code is not enough here. Use a passkey.";
    private static final String WRONG_PASSKEY = "The passkey was not accepted. Try again, or enter a code.";
    private static final int UNPROCESSABLE = 422;
    private static final int TOO_MANY = 429;
    /** The methods of the factors (RFC 8176 §2): a code, and a key whose possession is proved. */
    private static final String OTP = "otp";
    private static final String POSSESSION = "pop";

    private final FormGuard guard;
    private final BrowserCookies cookies;
    private final PendingLoginStore pending;
    private final LoginCompletion completion;
    private final SecondFactors factors;
    private final FactorCheck check;
    private final Passkeys passkeys;
    private final boolean offersPasskeys;
    private final UserStore users;
    private final AccountNotices notices;
    private final Pages pages;
    private final PagePaths paths;
    private final ClientAddress addresses;
    private final Clock clock;

    public FactorEndpoint(FormGuard guard, BrowserCookies cookies, PendingLoginStore pending, LoginCompletion completion, SecondFactors factors,
                          FactorCheck check, Passkeys passkeys, boolean offersPasskeys, UserStore users, AccountNotices notices, Pages pages, PagePaths paths,
                          ClientAddress addresses, Clock clock) {
        this.guard = guard;
        this.cookies = cookies;
        this.pending = pending;
        this.completion = completion;
        this.factors = factors;
        this.check = check;
        this.passkeys = passkeys;
        this.offersPasskeys = offersPasskeys;
        this.users = users;
        this.notices = notices;
        this.pages = pages;
        this.paths = paths;
        this.addresses = addresses;
        this.clock = clock;
    }

    public Future<Void> get(RoutingContext context) {
        return resume(context, FormParameters.parse(context.request().query()))
            .compose(step -> step.factors().any() ? ask(context, step, 200, "")
                : completion.mustHaveFactor(step.user()).compose(must -> must ? enrol(context, step, 200, "") : skip(context, step)));
    }

    public Future<Void> post(RoutingContext context) {
        return guard.readOwn(context).compose(form -> resume(context, form).compose(step -> {
            FormGuard.requireToken(form, step.token());
            String code = form.has("code") ? form.single("code") : "";
            if (step.factors().passkeys() > 0 && form.has("passkey")) {
                return checkPasskey(context, step, form.single("passkey"));
            }
            if (step.onlyPasskey()) {
                return ask(context, step, UNPROCESSABLE, ONLY_PASSKEY);
            }
            return step.factors().any() ? check(context, step, code)
                : completion.mustHaveFactor(step.user()).compose(must -> !must ? skip(context, step)
                    : offersPasskeys && form.has("passkey") ? addPasskey(context, step, form.single("passkey")) : add(context, step, form, code));
        }));
    }

    private Future<Step> resume(RoutingContext context, FormParameters parameters) {
        String id = parameters.single("login");
        String browser = cookies.browser(context);
        if (id == null) {
            return Future.failedFuture(PageException.expired());
        }
        if (browser == null) {
            return Future.failedFuture(PageException.otherBrowser());
        }
        return pending.find(id, clock.millis()).map(found -> requireOwn(found, browser))
            .compose(login -> users.findBySub(login.sub()).map(Optional::orElseThrow)
                .compose(user -> factors.of(user.sub()).map(own -> new Step(id, browser, login, user, own))));
    }

    private static PendingLogin requireOwn(Optional<PendingLogin> found, String browser) {
        PendingLogin login = found.orElseThrow(PageException::expired);
        if (!SecretToken.constantTimeEquals(login.place().browserHash(), SecretToken.hash(browser))) {
            throw PageException.otherBrowser();
        }
        return login;
    }

    private Future<Void> check(RoutingContext context, Step step, String code) {
        return check.check(step.user(), code, step.login().place().browserHash()).compose(result -> {
            if (result.checked() != Checked.WRONG) {
                record(context, result.checked() == Checked.APP ? "second_factor_used" : "recovery_code_used", step);
                return open(context, step, OTP)
                    .compose(opened -> result.checked() == Checked.RECOVERY_CODE ? notices.send(step.user(), Change.CODE_USED) : Future.succeededFuture())
                    .compose(noticed -> Pages.redirect(context, step.login().place().onward()));
            }
            record(context, result.retryAfterSeconds() > 0 ? "second_factor_locked" : "second_factor_failed", step);
            if (result.retryAfterSeconds() == 0) {
                return ask(context, step, UNPROCESSABLE, WRONG);
            }
            context.response().putHeader("Retry-After", Long.toString(result.retryAfterSeconds()));
            return ask(context, step, TOO_MANY, "Too many attempts. Try again in " + Durations.inWords(result.retryAfterSeconds()) + ".");
        });
    }

    /** The session is open when the recovery codes are shown, so a user who closes the page has the new factor and is logged in. */
    private Future<Void> add(RoutingContext context, Step step, FormParameters form, String code) {
        String offer = form.has("offer") ? form.single("offer") : "";
        return factors.enrol(step.user(), step.id(), offer, code).compose(codes -> {
            if (codes.isEmpty()) {
                return enrol(context, step, UNPROCESSABLE, NOT_ADDED, factors.offerAgain(step.user(), step.id(), offer));
            }
            record(context, "second_factor_added", step);
            return added(context, step, OTP, Change.APP_ADDED, codes.get());
        });
    }

    private Future<Void> addPasskey(RoutingContext context, Step step, String response) {
        return passkeys.register(step.user(), "Passkey", response, step.id()).compose(added -> {
            if (!added) {
                return enrol(context, step, UNPROCESSABLE, PASSKEY_NOT_ADDED);
            }
            record(context, "passkey_added", step);
            return factors.renewCodes(step.user().sub()).compose(codes -> added(context, step, POSSESSION, Change.PASSKEY_ADDED, codes));
        });
    }

    private Future<Void> added(RoutingContext context, Step step, String method, Change change, List<String> codes) {
        return open(context, step, method).compose(opened -> notices.send(step.user(), change))
            .compose(noticed -> pages.send(context, 200, new RecoveryCodesPage(codes, step.login().place().onward(), "Continue")));
    }

    /** A signature cannot be guessed, so wrong ones lock nothing. */
    private Future<Void> checkPasskey(RoutingContext context, Step step, String response) {
        return passkeys.check(step.user().sub(), response, step.id()).compose(sub -> {
            record(context, sub.isPresent() ? "passkey_used" : "second_factor_failed", step);
            return sub.isEmpty() ? ask(context, step, UNPROCESSABLE, WRONG_PASSKEY)
                : open(context, step, POSSESSION).compose(opened -> Pages.redirect(context, step.login().place().onward()));
        });
    }

    private Future<Void> open(RoutingContext context, Step step, String method) {
        return pending.take(step.login()).compose(taken -> taken ? completion.open(context, step.user(), step.login(), method)
            : Future.failedFuture(PageException.expired()));
    }

    /** The user has removed the factor in another browser, and needs none. */
    private Future<Void> skip(RoutingContext context, Step step) {
        return pending.take(step.login()).compose(taken -> taken
            ? completion.open(context, step.user(), step.login().place(), step.login().proof()) : Future.failedFuture(PageException.expired()))
            .compose(opened -> Pages.redirect(context, step.login().place().onward()));
    }

    private void record(RoutingContext context, String event, Step step) {
        RequestId.origin(context, addresses).record(event, "sub", step.user().sub(), "client_id", step.login().place().clientId());
    }

    private Future<Void> ask(RoutingContext context, Step step, int status, String error) {
        return passkeys.of(step.user().sub()).compose(own -> pages.sendLeaving(context, status, new FactorPage(paths.factor(), step.id(), step.token(),
            step.user().username(), error, status == TOO_MANY, step.factors().hasApp(), own.isEmpty() ? "" : passkeys.request(own, step.id()),
            !step.onlyPasskey(), step.login().place().again())));
    }

    private Future<Void> enrol(RoutingContext context, Step step, int status, String error) {
        return enrol(context, step, status, error, factors.offer(step.user(), step.id()));
    }

    private Future<Void> enrol(RoutingContext context, Step step, int status, String error, SecondFactors.Offer offer) {
        EnrolmentPage app = new EnrolmentPage(paths.factor(), step.id(), step.token(), step.user().username(), error, offer, false, "");
        return pages.sendLeaving(context, status, offersPasskeys ? new NewFactorPage(app, passkeys.creation(step.user(), List.of(), step.id())) : app);
    }

    /** A pending login in the browser that began it. */
    private record Step(String id, String browser, PendingLogin login, User user, Factors factors) {

        /** Returns whether the client asks for a passkey, and the user has one. */
        private boolean onlyPasskey() {
            return factors.passkeys() > 0 && login.place().needsPasskey();
        }

        /** The CSRF token. It is derived from the browser's cookie, so it need not be stored. */
        private String token() {
            return SecretToken.hash(String.join("\n", "factor", browser, id));
        }
    }

    /**
     * The page that asks for a code.
     *
     * @param login the identifier of the pending login
     * @param error the error of the last attempt, or empty
     * @param app whether the user has an authenticator app
     * @param options the options for the script, as JSON; empty if the user has no passkey
     * @param codes whether a code will do
     * @param again the path of the login page
     */
    record FactorPage(String action, String login, String csrf, String username, String error, boolean locked, boolean app, String options, boolean codes, String again)
        implements PageModel.Source {

        @Override
        public PageModel model() {
            return PageModel.form("factor", title(), error, action, List.of(new Field("login", login), new Field("csrf", csrf)),
                codes ? List.of("code") : List.of());
        }

        public String title() {
            return "Confirm that it is you";
        }
    }
}

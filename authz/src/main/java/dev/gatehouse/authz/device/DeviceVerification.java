package dev.gatehouse.authz.device;

import dev.gatehouse.authz.consent.Notice;
import dev.gatehouse.authz.consent.Permission;
import dev.gatehouse.authz.consent.PolicyLinks;
import dev.gatehouse.authz.consent.ServiceNames.Service;
import dev.gatehouse.authz.consent.ServiceNames;
import dev.gatehouse.authz.device.DeviceApprovals.Attempt;
import dev.gatehouse.authz.device.DeviceApprovals.Found;
import dev.gatehouse.authz.page.BrowserCookies;
import dev.gatehouse.authz.page.FormGuard;
import dev.gatehouse.authz.page.PageException;
import dev.gatehouse.authz.page.PageModel.MessagePage.Mark;
import dev.gatehouse.authz.page.PageModel.MessagePage;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.scope.PersonScopes;
import dev.gatehouse.authz.scope.ScopePolicy.ScopeOptions;
import dev.gatehouse.authz.session.BrowserSessions.LiveSession;
import dev.gatehouse.authz.session.BrowserSessions;
import dev.gatehouse.authz.session.LoginPage;
import dev.gatehouse.authz.session.LoginPlace;
import dev.gatehouse.authz.session.SignIn;
import dev.gatehouse.shared.audit.AuditLog.RequestOrigin;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The page of devices (RFC 8628 §3.3): a person types a code or opens an address with it, logs in, sees the device, and decides
 * by a click. An address with a code saves the typing and nothing else, since anyone may have sent it.
 */
public final class DeviceVerification {

    private static final String UNKNOWN = "No device is waiting with this code. Check it on the device; it may have shown a new one.";
    private static final int UNPROCESSABLE = 422;
    private static final int FORBIDDEN = 403;

    private final DeviceApprovals approvals;
    private final FormGuard guard;
    private final BrowserCookies cookies;
    private final BrowserSessions sessions;
    private final SignIn signIn;
    private final Pages pages;
    private final PagePaths paths;
    private final List<ScopeOptions> scopes;
    private final ScopeHierarchy hierarchy;
    private final ServiceNames services;
    private final ClientAddress addresses;

    public DeviceVerification(DeviceApprovals approvals, FormGuard guard, BrowserCookies cookies, BrowserSessions sessions, SignIn signIn,
                       Pages pages, PagePaths paths, List<ScopeOptions> scopes, ScopeHierarchy hierarchy, ServiceNames services,
                       ClientAddress addresses) {
        this.approvals = approvals;
        this.guard = guard;
        this.cookies = cookies;
        this.sessions = sessions;
        this.signIn = signIn;
        this.pages = pages;
        this.paths = paths;
        this.scopes = scopes;
        this.hierarchy = hierarchy;
        this.services = services;
        this.addresses = addresses;
    }

    public Future<Void> get(RoutingContext context) {
        String typed = FormParameters.parse(context.request().query()).single("user_code");
        return sessions.current(context).compose(session -> typed == null ? ask(context, 200, session, "", "")
            : withCode(context, typed, session));
    }

    private Future<Void> withCode(RoutingContext context, String typed, Optional<LiveSession> session) {
        Optional<String> code = UserCodes.read(typed);
        if (code.isEmpty()) {
            return ask(context, UNPROCESSABLE, session, typed, UNKNOWN);
        }
        if (session.isEmpty()) {
            return showLogin(context, 200, code.get(), "", "");
        }
        Attempt attempt = attempt(context, code.get(), session.get());
        return approvals.mayFollowLink(attempt.source())
            ? approvals.follow(attempt).compose(found -> onFound(context, found, code.get(), session.get(),
                () -> show(context, found, code.get(), session.get())))
            : ask(context, 200, session, UserCodes.shown(code.get()), "");
    }

    private Attempt attempt(RoutingContext context, String code, LiveSession session) {
        return new Attempt(code, addresses.sourceOf(context.request()), session.session().hash(), session.user().sub());
    }

    public Future<Void> post(RoutingContext context) {
        return guard.readOwn(context)
            .compose(form -> sessions.current(context).compose(session -> act(context, form, session)));
    }

    private Future<Void> act(RoutingContext context, FormParameters form, Optional<LiveSession> session) {
        // The login form carries the code as what it goes on with.
        String typed = form.single(SignIn.isLogin(form) ? "interaction" : "user_code");
        Optional<String> code = UserCodes.read(typed);
        FormGuard.requireToken(form, token(context, session, SignIn.isLogin(form) || form.has("decision") ? code.orElse("") : ""));
        if (code.isEmpty()) {
            return ask(context, UNPROCESSABLE, session, typed == null ? "" : typed, UNKNOWN);
        }
        if (session.isEmpty() && SignIn.isLogin(form)) {
            return logIn(context, form, code.get());
        }
        if (session.isEmpty()) {
            return Pages.redirect(context, paths.device(UserCodes.shown(code.get())));
        }
        return submit(context, code.get(), session.get(), form);
    }

    private Future<Void> submit(RoutingContext context, String code, LiveSession session, FormParameters form) {
        return approvals.find(attempt(context, code, session)).compose(found -> {
            if (found.device() == null) {
                RequestId.origin(context, addresses).record("device_code_mistyped", "sub", session.user().sub(), "seconds", found.retryAfterSeconds());
            }
            return onFound(context, found, code, session, () -> form.has("decision")
                ? decide(context, found, session, form.required("decision")) : show(context, found, code, session));
        });
    }

    private Future<Void> logIn(RoutingContext context, FormParameters form, String code) {
        LoginPlace place = LoginPlace.of(SecretToken.hash(cookies.browserOrNew(context)), paths.device(UserCodes.shown(code)));
        return signIn.attempt(context, form, place, (status, username, problem) -> showLogin(context, status, code, username, problem));
    }

    /** Goes on with the device that was found, or says that there is none. */
    private Future<Void> onFound(RoutingContext context, Found found, String code, LiveSession session, Supplier<Future<Void>> onward) {
        if (found.device() != null) {
            return found.device().scopes().isEmpty() ? lacking(context, found) : onward.get();
        }
        return found.retryAfterSeconds() > 0 ? Future.failedFuture(PageException.tooMany(found.retryAfterSeconds()))
            : ask(context, UNPROCESSABLE, Optional.of(session), UserCodes.shown(code), UNKNOWN);
    }

    /** Another person may still approve the device. */
    private Future<Void> lacking(RoutingContext context, Found found) {
        return pages.send(context, FORBIDDEN, new MessagePage("Your account cannot connect this device",
            "The application " + found.client().name() + " asks for permissions that your groups do not have. Log in with another account,"
                + " or ask your administrator to add you to a group.", PersonScopes.lacking().description(), RequestId.of(context), Mark.STOP));
    }

    private Future<Void> decide(RoutingContext context, Found found, LiveSession session, String decision) {
        RequestOrigin origin = RequestId.origin(context, addresses);
        String sub = session.user().sub();
        if (decision.equals("approve")) {
            return approvals.approve(found, sub, session.session().login()).compose(grantId -> {
                origin.record("device_approved", "sub", sub, "client_id", found.client().id(), "grant_id", grantId,
                    "scope", found.device().scopes());
                return done(context, "Device connected", "Go back to your device; it goes on within a few seconds. You can close this page.", Mark.DONE);
            });
        }
        if (!decision.equals("deny")) {
            return Future.failedFuture(PageException.forged());
        }
        return approvals.deny(found, sub).compose(denied -> {
            origin.record("device_denied", "sub", sub, "client_id", found.client().id());
            return done(context, "Access denied", "The device was given nothing. You can close this page.", Mark.DENIED);
        });
    }

    private Future<Void> done(RoutingContext context, String title, String advice, Mark mark) {
        return pages.send(context, 200, new MessagePage(title, advice, "", RequestId.of(context), mark));
    }

    private Future<Void> ask(RoutingContext context, int status, Optional<LiveSession> session, String typed, String problem) {
        return pages.send(context, status, new DevicePage(paths.device(), token(context, session, ""), typed, problem));
    }

    private Future<Void> showLogin(RoutingContext context, int status, String code, String username, String problem) {
        return pages.sendLeaving(context, status, new LoginPage(paths.device(), UserCodes.shown(code), token(context, Optional.empty(), code),
            "your device", username, problem, status == 429, signIn.choices()));
    }

    private Future<Void> show(RoutingContext context, Found found, String code, LiveSession session) {
        List<Permission> permissions = Permission.of(found.device().scopes(), Scopes.NONE, scopes, hierarchy);
        return services.of(found.device().resources()).compose(named -> pages.send(context, 200, DeviceConsentPage.of(found, code,
            token(context, Optional.of(session), code), session.user().username(), named, permissions, paths)));
    }

    /** Of this browser, of this session where there is one, and of what the page showed. */
    private String token(RoutingContext context, Optional<LiveSession> session, String code) {
        return SecretToken.hash(String.join("\n", "device", cookies.browserOrNew(context),
            session.map(live -> live.session().hash()).orElse(""), code));
    }

    /**
     * Asks for the code that a device shows.
     *
     * @param code as typed before, or empty
     * @param error what is wrong with it, or empty
     */
    record DevicePage(String action, String csrf, String code, String error) {

        public String title() {
            return "Connect a device";
        }
    }

    /**
     * Asks whether a device may use the account. What it says of the application is the application's own word.
     *
     * @param code as the device shows it
     * @param otherCode where to type another
     */
    record DeviceConsentPage(String action, String csrf, String code, String otherCode, String application, String applicationId, String account,
                             List<Service> services, List<Permission> scopes, Notice notice, List<PolicyLinks.Link> links) {

        static DeviceConsentPage of(Found found, String code, String csrf, String account, List<Service> services, List<Permission> scopes,
                                    PagePaths paths) {
            return new DeviceConsentPage(paths.device(), csrf, UserCodes.shown(code), paths.device(), found.client().name(), found.client().id(),
                account, services, scopes, Notice.ofDevice(found.client()), PolicyLinks.of(found.client()));
        }

        public String title() {
            return "Connect a device?";
        }
    }
}

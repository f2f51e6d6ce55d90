package dev.gatehouse.authz.account;

import dev.gatehouse.authz.account.MailTokenStore.MailToken;
import dev.gatehouse.authz.account.MailTokenStore.Purpose;
import dev.gatehouse.authz.mail.AccountNotices;
import dev.gatehouse.authz.mail.AccountNotices.Change;
import dev.gatehouse.authz.mail.Mail;
import dev.gatehouse.authz.mail.Outbox;
import dev.gatehouse.authz.page.PageException;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.session.BrowserSessions.LiveSession;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.Issuer;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.Optional;

/** The page on which users change their email address. The new address counts after a confirmation with the link that it receives. */
public final class EmailEndpoint {

    private static final String NO_ADDRESS = "Enter an email address, such as name@example.com. Nothing was changed.";
    private static final String TOO_MANY = "You have asked for several links within an hour. Try again later. Nothing was changed.";
    private static final int UNPROCESSABLE = 422;
    private static final int TOO_MANY_REQUESTS = 429;

    private final AccountForms forms;
    private final UserStore users;
    private final MailTokenStore tokens;
    private final Outbox outbox;
    private final AccountNotices notices;
    private final Issuer issuer;
    private final Pages pages;
    private final PagePaths paths;
    private final Clock clock;

    public EmailEndpoint(AccountForms forms, UserStore users, MailTokenStore tokens, Outbox outbox, AccountNotices notices, Issuer issuer, Pages pages,
                         PagePaths paths, Clock clock) {
        this.forms = forms;
        this.users = users;
        this.tokens = tokens;
        this.outbox = outbox;
        this.notices = notices;
        this.issuer = issuer;
        this.pages = pages;
        this.paths = paths;
        this.clock = clock;
    }

    public Future<Void> get(RoutingContext context) {
        String token = FormParameters.parse(context.request().query()).single("token");
        return forms.loggedIn(context, live -> token == null ? show(context, live, 200, "", "", "")
            : open(live, token).compose(found -> show(context, live, 200, token, found.email(), "")));
    }

    public Future<Void> post(RoutingContext context) {
        return forms.submitted(context, (live, form) -> form.has("token") ? confirm(context, live, form.single("token")) : request(context, live, form));
    }

    private Future<Void> request(RoutingContext context, LiveSession live, FormParameters form) {
        String email = form.has("email") ? form.single("email").strip() : "";
        if (!Mail.isAddress(email)) {
            return show(context, live, UNPROCESSABLE, "", "", NO_ADDRESS);
        }
        return forms.confirm(context, live, form).compose(refusal -> refusal.isPresent()
            ? show(context, live, refusal.get().status(), "", "", refusal.get().problem())
            : tokens.begin(live.user(), Purpose.EMAIL, email, clock.millis()).compose(token -> token.isEmpty()
                ? show(context, live, TOO_MANY_REQUESTS, "", "", TOO_MANY) : invite(context, live, email, token.get())));
    }

    private Future<Void> invite(RoutingContext context, LiveSession live, String email, String token) {
        return outbox.add(new Mail(email, "Confirm your email address", """
            The account %s at %s asks for this address.

            To confirm it, open this link within a day, in the browser in which you are signed in:

            %s

            If you do not know the account, ignore this mail.
            """.formatted(live.user().username(), issuer.identifier(), issuer.url(PagePaths.EMAIL) + "?token=" + token), Purpose.EMAIL.lifetime())).compose(added -> {
                forms.record(context, "email_change_requested", "sub", live.user().sub());
                return Pages.redirect(context, paths.account() + "?done=emailsent");
            });
    }

    private Future<MailToken> open(LiveSession live, String token) {
        return tokens.find(token, Purpose.EMAIL, clock.millis())
            .map(found -> found.filter(each -> each.sub().equals(live.user().sub()) && each.fits(live.user())).orElseThrow(EmailEndpoint::expired));
    }

    private static PageException expired() {
        return PageException.of(400, "This link is not valid any more", "It was used, has expired, or belongs to another account. Ask for a new one at the account page.");
    }

    private Future<Void> confirm(RoutingContext context, LiveSession live, String token) {
        return open(live, token).compose(found -> tokens.take(found, clock.millis()).compose(taken -> {
            if (!taken) {
                return Future.failedFuture(expired());
            }
            return users.changeEmail(live.user().sub(), found.email(), clock.millis()).compose(changed -> {
                forms.record(context, "email_changed", "sub", live.user().sub());
                return notices.send(live.user(), Change.EMAIL);
            }).compose(noticed -> Pages.redirect(context, paths.account() + "?done=email"));
        }));
    }

    private Future<Void> show(RoutingContext context, LiveSession live, int status, String token, String confirmed, String error) {
        return pages.send(context, status, new EmailPage(paths.email(), paths.account(), forms.token(context, Optional.of(live)), live.user().username(),
            live.user().email() == null ? "" : live.user().email(), live.user().hasPassword(), token, confirmed, error));
    }

    /** The page. @param token the token of a link, or empty @param confirmed the address that the link confirms, or empty */
    record EmailPage(String action, String account, String csrf, String username, String email, boolean hasPassword, String token, String confirmed,
                     String error) {

        public String title() {
            return "Your email address";
        }
    }
}

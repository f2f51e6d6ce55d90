package dev.gatehouse.authz.account;

import dev.gatehouse.authz.account.MailTokenStore.MailToken;
import dev.gatehouse.authz.account.MailTokenStore.Purpose;
import dev.gatehouse.authz.mail.AccountNotices;
import dev.gatehouse.authz.mail.AccountNotices.Change;
import dev.gatehouse.authz.mail.Mail;
import dev.gatehouse.authz.mail.Outbox;
import dev.gatehouse.authz.page.FormGuard;
import dev.gatehouse.authz.page.PageException;
import dev.gatehouse.authz.page.PageModel.MessagePage;
import dev.gatehouse.authz.page.PageModel.MessagePage.Mark;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.session.LoginFailureStore;
import dev.gatehouse.authz.user.PasswordHasher;
import dev.gatehouse.authz.user.PasswordRules;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.oauth.Issuer;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * The page on which users who have forgotten their password get a mail, and the page of the link in that mail. The response to the first is
 * the same for all names, and does not wait for the search or the mail.
 */
public final class ResetEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(ResetEndpoint.class);
    private static final String DIFFERENT = "The two passwords differ. Nothing was changed.";
    private static final int UNPROCESSABLE = 422;
    private static final int LONGEST_NAME = 256;
    /** No session has this hash. */
    private static final String NO_SESSION = "";

    private final AccountForms forms;
    private final FormGuard guard;
    private final UserStore users;
    private final MailTokenStore tokens;
    private final LoginFailureStore failures;
    private final PasswordHasher hasher;
    private final Outbox outbox;
    private final AccountNotices notices;
    private final Issuer issuer;
    private final Pages pages;
    private final PagePaths paths;
    private final Clock clock;

    public ResetEndpoint(AccountForms forms, FormGuard guard, UserStore users, MailTokenStore tokens, LoginFailureStore failures, PasswordHasher hasher,
                         Outbox outbox, AccountNotices notices, Issuer issuer, Pages pages, PagePaths paths, Clock clock) {
        this.forms = forms;
        this.guard = guard;
        this.users = users;
        this.tokens = tokens;
        this.failures = failures;
        this.hasher = hasher;
        this.outbox = outbox;
        this.notices = notices;
        this.issuer = issuer;
        this.pages = pages;
        this.paths = paths;
        this.clock = clock;
    }

    /** Shows the form of a link without using it: programs that check mails open links too. */
    public Future<Void> get(RoutingContext context) {
        String token = FormParameters.parse(context.request().query()).single("token");
        return token == null ? pages.send(context, 200, new ResetPage(paths.reset(), paths.account(), forms.token(context, Optional.empty())))
            : open(token).compose(found -> show(context, 200, token, found.user(), ""));
    }

    public Future<Void> post(RoutingContext context) {
        return guard.readOwn(context).compose(form -> form.has("token") ? change(context, form, form.single("token")) : request(context, form));
    }

    private Future<Void> request(RoutingContext context, FormParameters form) {
        FormGuard.requireToken(form, forms.token(context, Optional.empty()));
        String typed = form.has("name") ? form.single("name").strip() : "";
        forms.record(context, "password_reset_requested");
        return pages.send(context, 200, new MessagePage("Look into your mailbox", "If an account of this server has that name or address, a mail with a link"
                + " to a new password is on its way. The link is valid for 30 minutes.", "", RequestId.of(context), Mark.DONE))
            .onSuccess(sent -> search(typed).onFailure(failure -> LOG.warn("Cannot send a link to a new password: {}", failure.getMessage())));
    }

    private Future<Void> search(String typed) {
        Future<List<User>> found = typed.isEmpty() || typed.length() > LONGEST_NAME ? Future.succeededFuture(List.of())
            : users.findByUsername(typed).compose(user -> user.isPresent() || !Mail.isAddress(typed) ? Future.succeededFuture(user.stream().toList())
                : users.findByEmail(typed));
        return found.compose(all -> {
            Future<Void> done = Future.succeededFuture();
            for (User user : all) {
                done = done.compose(before -> invite(user));
            }
            return done;
        });
    }

    /** Only accounts with a password and an address get a mail. */
    private Future<Void> invite(User user) {
        return user.disabled() || !user.hasPassword() || user.email() == null ? Future.succeededFuture()
            : tokens.begin(user, Purpose.RESET, user.email(), clock.millis()).compose(token -> token.isEmpty() ? Future.succeededFuture() : outbox.add(new Mail(user.email(), "Set a new password", """
                    You, or another person, have asked for a new password of the account %s at %s.

                    To set one, open this link within 30 minutes:

                    %s

                    If it was not you, ignore this mail. Your password stays as it is.
                    """.formatted(user.username(), issuer.identifier(),
                        issuer.url(PagePaths.RESET) + "?token=" + token.get()), Purpose.RESET.lifetime())));
    }

    private Future<Reset> open(String token) {
        return tokens.find(token, Purpose.RESET, clock.millis()).map(found -> found.orElseThrow(ResetEndpoint::expired))
            .compose(found -> users.findBySub(found.sub()).map(user -> new Reset(found, user.filter(found::fits).orElseThrow(ResetEndpoint::expired))));
    }

    private static PageException expired() {
        return PageException.of(400, "This link is not valid any more", "It was used, has expired, or the account has changed. Ask for a new one.");
    }

    private Future<Void> change(RoutingContext context, FormParameters form, String token) {
        String password = form.has("new") ? form.single("new") : "";
        return open(token).compose(reset -> !password.equals(form.single("repeated")) ? show(context, UNPROCESSABLE, token, reset.user(), DIFFERENT)
            : context.vertx().executeBlocking(() -> PasswordRules.problem(password, reset.user().username()), false)
                .compose(problem -> problem.isPresent()
                    ? show(context, UNPROCESSABLE, token, reset.user(), "The new password " + problem.get().words() + ". Nothing was changed.")
                    : replace(context, reset, password, form.has("others"))));
    }

    private Future<Void> replace(RoutingContext context, Reset reset, String password, boolean endSessions) {
        User user = reset.user();
        return hasher.hash(password)
            .compose(hash -> tokens.take(reset.token(), clock.millis())
                .compose(taken -> taken ? users.replacePassword(user, hash, endSessions ? NO_SESSION : null) : Future.succeededFuture(false)))
            .compose(replaced -> replaced ? failures.unlock(user.username()) : Future.failedFuture(expired()))
            .compose(unlocked -> {
                forms.record(context, "password_reset", "sub", user.sub(), "sessions_ended", endSessions);
                return notices.send(user, Change.PASSWORD_BY_LINK);
            })
            .compose(noticed -> pages.send(context, 200, new MessagePage("Your password has changed", "Sign in with the new one.", "", RequestId.of(context), Mark.DONE)));
    }

    private Future<Void> show(RoutingContext context, int status, String token, User user, String error) {
        return pages.send(context, status, new NewPasswordPage(paths.reset(), token, user.username(), error, PasswordRules.SHORTEST, PasswordRules.LONGEST));
    }

    private record Reset(MailToken token, User user) {
    }

    /** The page that asks for the name of the account. */
    record ResetPage(String action, String account, String csrf) {

        public String title() {
            return "Forgot your password?";
        }
    }

    /** The page of the link. The token proves the form, so it needs no other one. */
    record NewPasswordPage(String action, String token, String username, String error, int shortest, int longest) {

        public String title() {
            return "Set a new password";
        }
    }
}

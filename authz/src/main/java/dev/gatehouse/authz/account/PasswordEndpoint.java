package dev.gatehouse.authz.account;

import dev.gatehouse.authz.mail.AccountNotices;
import dev.gatehouse.authz.mail.AccountNotices.Change;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.session.BrowserSessions.LiveSession;
import dev.gatehouse.authz.user.PasswordHasher;
import dev.gatehouse.authz.user.PasswordRules;
import dev.gatehouse.authz.user.PasswordRules.Problem;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.util.Optional;

/** The page on which users change their password. */
public final class PasswordEndpoint {

    private static final String DIFFERENT = "The two new passwords differ. Nothing was changed.";
    private static final String CHANGED_MEANWHILE = "The password was changed elsewhere in the meantime. Nothing was changed here.";
    private static final int UNPROCESSABLE = 422;
    private static final int CONFLICT = 409;

    private final AccountForms forms;
    private final UserStore users;
    private final PasswordHasher hasher;
    private final AccountNotices notices;
    private final Pages pages;
    private final PagePaths paths;

    public PasswordEndpoint(AccountForms forms, UserStore users, PasswordHasher hasher, AccountNotices notices, Pages pages, PagePaths paths) {
        this.forms = forms;
        this.users = users;
        this.hasher = hasher;
        this.notices = notices;
        this.pages = pages;
        this.paths = paths;
    }

    public Future<Void> get(RoutingContext context) {
        return forms.loggedIn(context, live -> live.user().hasPassword() ? show(context, live, 200, "") : forms.back(context));
    }

    public Future<Void> post(RoutingContext context) {
        return forms.submitted(context, (live, form) -> live.user().hasPassword() ? change(context, live, form) : forms.back(context));
    }

    /** Checks the new password first: the check costs little, and a refused one must not count as a guess. */
    private Future<Void> change(RoutingContext context, LiveSession live, FormParameters form) {
        String password = String.valueOf(form.single("new"));
        if (!password.equals(form.single("repeated"))) {
            return show(context, live, UNPROCESSABLE, DIFFERENT);
        }
        return context.vertx().executeBlocking(() -> PasswordRules.problem(password, live.user().username()), false)
            .compose(problem -> problem.isPresent() ? show(context, live, UNPROCESSABLE, words(problem.get()))
                : forms.confirm(context, live, form).compose(refusal -> refusal.isPresent()
                    ? show(context, live, refusal.get().status(), refusal.get().problem())
                    : replace(context, live, password, form.has("others"))));
    }

    private static String words(Problem problem) {
        return "The new password " + problem.words() + ". Nothing was changed.";
    }

    private Future<Void> replace(RoutingContext context, LiveSession live, String password, boolean endOthers) {
        return hasher.hash(password)
            .compose(hash -> users.replacePassword(live.user(), hash, endOthers ? live.session().hash() : null))
            .compose(replaced -> {
                if (!replaced) {
                    return show(context, live, CONFLICT, CHANGED_MEANWHILE);
                }
                forms.record(context, "password_changed", "sub", live.user().sub(), "other_sessions_ended", endOthers);
                return notices.send(live.user(), Change.PASSWORD).compose(noticed -> Pages.redirect(context, paths.account() + "?done=password"));
            });
    }

    private Future<Void> show(RoutingContext context, LiveSession live, int status, String problem) {
        return pages.send(context, status, new PasswordPage(paths.password(), paths.account(), forms.token(context, Optional.of(live)),
            live.user().username(), problem, PasswordRules.SHORTEST, PasswordRules.LONGEST));
    }

    /** The form for a new password. */
    record PasswordPage(String action, String account, String csrf, String username, String error, int shortest, int longest) {

        public String title() {
            return "Change your password";
        }
    }
}

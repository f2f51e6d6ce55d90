package dev.gatehouse.authz.session;

import dev.gatehouse.authz.page.PageModel;
import dev.gatehouse.authz.page.PageModel.FormPostPage.Field;

import java.util.List;

/**
 * The login page.
 *
 * @param application the name of the client
 * @param username the username of the last attempt, or empty
 * @param error the error of the last attempt, or empty
 * @param locked whether the account or the address is locked
 * @param choices the ways to log in
 */
public record LoginPage(String action, String interaction, String csrf, String application, String username, String error,
                 boolean locked, LoginChoices choices) implements PageModel.Source {

    @Override
    public PageModel model() {
        return PageModel.form("login", title(), error, action,
            List.of(new Field("interaction", interaction), new Field("csrf", csrf)), List.of("username", "password"));
    }

    public String title() {
        return "Sign in";
    }
}

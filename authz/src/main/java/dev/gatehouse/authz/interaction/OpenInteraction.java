package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.AuthorizationRequest;
import dev.gatehouse.authz.authorize.AuthorizationResponse.Reply;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ValidatedRedirect;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.session.LoginPlace;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.SecretToken;

/**
 * An unfinished interaction in the browser that started it.
 *
 * @param id the identifier in the forms; the database has only its hash
 * @param browser the value of the browser's cookie
 */
record OpenInteraction(String id, String browser, Interaction stored, Client client, ValidatedRedirect redirect) {

    AuthorizationRequest request() {
        return stored.request();
    }

    /** The same interaction with a request for fewer scopes. */
    OpenInteraction withScopes(Scopes scopes) {
        return new OpenInteraction(id, browser, stored.withRequest(request().withScopes(scopes)), client, redirect);
    }

    /** The destination of the response. */
    Reply reply() {
        return new Reply(client.id(), redirect, request().state(), request().responseMode());
    }

    /** The place of a login for this interaction. */
    LoginPlace place(PagePaths paths) {
        return new LoginPlace(stored.browserHash(), stored.hash(), request().clientId(), stored.freshLogin(), paths.login(id), paths.consent(id),
            request().acrValues(), null);
    }

    /** The CSRF token of the login form. It is derived from the browser's cookie, so it need not be stored. */
    String loginToken() {
        return token("login", "");
    }

    /** The CSRF token of the consent form, bound to the user and to the client data that the form shows. */
    String consentToken(String sub) {
        return token("consent", String.join("\n", sub, client.name(), String.join(" ", client.redirectUris())));
    }

    private String token(String form, String shown) {
        return SecretToken.hash(String.join("\n", form, browser, id, shown));
    }

    @Override
    public String toString() {
        return "OpenInteraction[" + stored.hash() + "]";
    }
}

package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.AuthorizationRequest;
import dev.gatehouse.authz.authorize.Reply;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ValidatedRedirect;
import dev.gatehouse.shared.secret.SecretToken;

/**
 * An unfinished interaction in the browser that began it.
 *
 * @param id what the forms carry; the store knows its hash only
 * @param browser the secret of the browser's cookie
 */
record OpenInteraction(String id, String browser, Interaction stored, Client client, ValidatedRedirect redirect) {

    AuthorizationRequest request() {
        return stored.request();
    }

    /** Where the answer goes. */
    Reply reply() {
        return new Reply(client.id(), redirect, request().state(), request().responseMode());
    }

    /** The token of the login form. It can be computed only with the browser's cookie, so it need not be stored. */
    String loginToken() {
        return token("login", "");
    }

    /** The token of the consent form, which counts only for the user that it was shown to, and for what it said of the client. */
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

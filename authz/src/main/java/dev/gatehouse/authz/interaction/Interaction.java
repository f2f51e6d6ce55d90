package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.AuthorizationRequest;

/**
 * One authorization request on its way through login and consent, in one browser.
 *
 * @param hash of the identifier that the forms carry
 * @param browserHash of the browser cookie that it is bound to
 * @param freshLogin whether a session from before does not do (OpenID Connect Core §3.1.2.1, prompt and max_age)
 * @param freshConsent whether a remembered consent does not do
 * @param authenticatedSub who logged in for this very interaction, or null
 * @param expiresAt epoch milliseconds
 */
record Interaction(String hash, String browserHash, AuthorizationRequest request, boolean freshLogin,
                          boolean freshConsent, State state, String authenticatedSub, long expiresAt) {

    /** How far it has come; a finished one is never taken up again. */
    public enum State { PENDING, AUTHENTICATED, FINISHED }
}

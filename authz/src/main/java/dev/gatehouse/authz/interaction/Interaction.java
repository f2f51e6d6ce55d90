package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.AuthorizationRequest;

/**
 * An authorization request during login and consent in one browser.
 *
 * @param hash the hash of the identifier in the forms
 * @param browserHash the hash of the browser's cookie
 * @param freshLogin whether the user must log in again (OpenID Connect Core §3.1.2.1, prompt and max_age)
 * @param freshConsent whether the user must consent again
 * @param authenticatedSub the user who logged in for this interaction, or null
 * @param expiresAt epoch milliseconds
 */
record Interaction(String hash, String browserHash, AuthorizationRequest request, boolean freshLogin,
                          boolean freshConsent, State state, String authenticatedSub, long expiresAt) {

    /** The same interaction with another request. */
    Interaction withRequest(AuthorizationRequest other) {
        return new Interaction(hash, browserHash, other, freshLogin, freshConsent, state, authenticatedSub, expiresAt);
    }

    /** The progress; a finished interaction is never resumed. */
    public enum State { PENDING, AUTHENTICATED, FINISHED }
}

package dev.gatehouse.authz.session;

/**
 * The page on which a user logs in.
 *
 * @param browserHash the hash of the browser's cookie
 * @param interactionHash the interaction of the login, or null
 * @param clientId the client of the interaction for the audit log, or null
 * @param fresh whether the user must authenticate again although the identity provider knows the browser
 * @param again the path of the login page
 * @param onward the path after the login
 * @param linkTo the subject identifier of the logged-in user to whom the identity is linked; null for a login
 */
public record LoginPlace(String browserHash, String interactionHash, String clientId, boolean fresh, String again, String onward,
                         String linkTo) {

    /** A login outside of an interaction. */
    public static LoginPlace of(String browserHash, String path) {
        return new LoginPlace(browserHash, null, null, false, path, path, null);
    }

    /** The same place, where a logged-in user links an identity to the account. */
    public LoginPlace linking(String sub) {
        return new LoginPlace(browserHash, interactionHash, clientId, fresh, again, onward, sub);
    }
}

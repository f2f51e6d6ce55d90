package dev.gatehouse.authz.session;

import dev.gatehouse.authz.scope.LoginLevel;

import java.util.List;

/**
 * The page on which a user logs in.
 *
 * @param browserHash the hash of the browser's cookie
 * @param interactionHash the interaction of the login, or null
 * @param clientId the client of the interaction for the audit log, or null
 * @param fresh whether the user must authenticate again although the identity provider knows the browser
 * @param again the path of the login page
 * @param onward the path after the login
 * @param acrValues the authentication contexts that the client asks for; empty if any login will do
 * @param linkTo the subject identifier of the logged-in user to whom the identity is linked; null for a login
 */
public record LoginPlace(String browserHash, String interactionHash, String clientId, boolean fresh, String again, String onward,
                         List<String> acrValues, String linkTo) {

    public LoginPlace {
        acrValues = List.copyOf(acrValues);
    }

    /** A login outside of an interaction. */
    public static LoginPlace of(String browserHash, String path) {
        return new LoginPlace(browserHash, null, null, false, path, path, List.of(), null);
    }

    /** Returns whether the client asks for more than a password and a code. */
    boolean needsPasskey() {
        return !acrValues.isEmpty() && LoginLevel.TWO_FACTORS.satisfied(acrValues).isEmpty();
    }

    /** The same place, where a logged-in user links an identity to the account. */
    public LoginPlace linking(String sub) {
        return new LoginPlace(browserHash, interactionHash, clientId, fresh, again, onward, acrValues, sub);
    }
}

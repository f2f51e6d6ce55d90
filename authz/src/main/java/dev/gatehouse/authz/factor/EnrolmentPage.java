package dev.gatehouse.authz.factor;

import dev.gatehouse.authz.factor.SecondFactors.Offer;

/**
 * The page on which a user adds an authenticator app.
 *
 * @param login the identifier of the pending login; empty on the account page
 * @param error the error of the last attempt, or empty
 * @param asksPassword whether the form asks for the current password
 * @param account the path of the account page; empty during a login
 */
public record EnrolmentPage(String action, String login, String csrf, String username, String error, Offer offer, boolean asksPassword,
                            String account) {

    public String title() {
        return "Set up an authenticator app";
    }

    /** The page on which a user adds an app or a passkey during a login. @param creation the options for the script, as JSON */
    public record NewFactorPage(EnrolmentPage app, String creation) {

        public String title() {
            return "Set up a second factor";
        }
    }
}

package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.page.PageException;

/** The reasons for which a login at an identity provider fails, each with a page for the person. */
enum UpstreamFault {

    UNREACHABLE(502, "%s cannot be reached", "The sign-in service did not answer as it should. Nothing was changed. Wait a minute, then connect"
        + " again from the application." + Advice.REPORT),
    SLOW(504, "%s takes too long", "The sign-in service did not answer in time. Nothing was changed. Wait a minute, then connect again from"
        + " the application." + Advice.REPORT),
    INVALID_RESPONSE(502, "The response of %s is not valid", "This server could not verify who you are, so you are not signed in. Connect again"
        + " from the application." + Advice.REPORT),
    OTHER_ISSUER(400, "The response does not come from %s", "You are not signed in. If you did not start this sign-in yourself, close this"
        + " page. If you did, connect again from the application." + Advice.REPORT),
    REJECTED(403, "%s did not sign you in", "The sign-in service rejected the sign-in. Connect again from the application. If it happens"
        + " again, ask your administrator whether you may use this application."),
    WEAK_AUTHENTICATION(403, "%s did not check enough", "The application needs a stronger sign-in than the one at %s. Set up a second factor there, sign out there,"
        + " and connect again from the application."),
    MISCONFIGURED(502, "Sign-in with %s is not set up correctly", "The sign-in service does not accept this server. Tell your administrator the"
        + " request number below."),
    UNVERIFIED_EMAIL(403, "Your email address is not verified", "Verify your email address at %s, then connect again from the application."),
    NOT_PERMITTED(403, "You may not sign in here", "Your account at %s is not among those that this server accepts. Sign in with another"
        + " account, or ask your administrator for access."),
    NO_ACCOUNT(403, "You have no account here", "Your account at %s is not linked to an account of this server. Ask your administrator for"
        + " access."),
    ADDRESS_TAKEN(403, "There is already an account with your email address", "Sign in to that account first, then link %s on your account page."
        + " If you cannot sign in to it, ask your administrator."),
    IDENTITY_TAKEN(403, "This sign-in cannot be linked", "Your account at %s belongs to another account of this server, or your account already"
        + " has another sign-in of that service. Nothing was changed."),
    DISABLED(403, "Your account is disabled", "You signed in at %s, but your account of this server is disabled. Ask your administrator.");

    private final int status;
    private final String title;
    private final String advice;

    UpstreamFault(int status, String title, String advice) {
        this.status = status;
        this.title = title;
        this.advice = advice;
    }

    /** Returns whether another attempt can succeed without a change by a person or an operator. */
    boolean isTemporary() {
        return this == UNREACHABLE || this == SLOW;
    }

    PageException page(String provider) {
        return PageException.of(status, title.replace("%s", provider), advice.replace("%s", provider));
    }

    private static final class Advice {
        static final String REPORT = " If it happens again, tell your administrator the request number below.";
    }
}

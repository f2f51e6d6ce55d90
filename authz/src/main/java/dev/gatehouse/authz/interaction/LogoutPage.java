package dev.gatehouse.authz.interaction;

/**
 * Asks whether to log out, where nobody has proved that the person wants it.
 *
 * @param redirectUri where an application wants the person afterwards, or empty
 * @param clientId that application, or empty
 * @param hint the ID token that it sent, or empty
 * @param state for that application, or empty
 */
record LogoutPage(String action, String csrf, String account, String redirectUri, String clientId, String hint, String state) {

    public String title() {
        return "Log out?";
    }
}

package dev.gatehouse.authz.oidc;

/** Asks whether to log out. */
record LogoutPage(String action, String csrf, String account) {

    public String title() {
        return "Log out?";
    }
}

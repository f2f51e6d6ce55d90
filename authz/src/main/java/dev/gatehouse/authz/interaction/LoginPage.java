package dev.gatehouse.authz.interaction;

/**
 * The login page.
 *
 * @param application the name of the client that the person comes from
 * @param username as typed before, or empty
 * @param error what went wrong, or empty
 * @param locked whether trying again has to wait
 */
public record LoginPage(String action, String interaction, String csrf, String application, String username, String error,
                 boolean locked) {

    static LoginPage of(OpenInteraction interaction, String action, String username, String error, boolean locked) {
        return new LoginPage(action, interaction.id(), interaction.loginToken(), interaction.client().name(), username, error,
            locked);
    }

    public String title() {
        return "Sign in";
    }
}

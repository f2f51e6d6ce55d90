package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.ValidatedRedirect;
import dev.gatehouse.authz.store.Client;
import dev.gatehouse.authz.store.RegistrationKind;
import dev.gatehouse.authz.store.User;

import java.net.URI;
import java.util.List;

/**
 * The consent page. What it says of the application is the application's own word and therefore escaped.
 *
 * @param destination host and port that the answer goes to
 * @param switchAccount where to log in as somebody else
 * @param publisher the host that the application's description was fetched from; empty where the server has it at hand
 * @param verified whether the operator registered the application
 * @param warning what to beware of with such an application, or empty
 * @param error what is wrong with the choice made before, or empty
 */
record ConsentPage(String action, String interaction, String csrf, String application, String applicationId, String account,
                   String destination, List<String> resources, List<Permission> scopes, String switchAccount,
                   String publisher, boolean verified, String warning, String error) {

    private static final String LOOPBACK = "This application runs on your own computer, and any other program there could"
        + " pass itself off as it. Allow it only if you have just started it yourself.";
    private static final String OUT_OF_BAND = "You will be shown a code to paste. Give it to nobody, and paste it only into"
        + " the application that you have started yourself.";
    private static final String PRIVATE_USE = "The answer goes to an app on this device. Allow it only if you have just"
        + " opened that app yourself.";

    static ConsentPage of(OpenInteraction interaction, User user, List<Permission> scopes, PagePaths paths, String error) {
        ValidatedRedirect redirect = interaction.redirect();
        return new ConsentPage(paths.consent(), interaction.id(), interaction.consentToken(user.sub()),
            interaction.client().name(), interaction.client().id(), user.username(),
            redirect.isOutOfBand() ? "this browser, as a code to copy" : redirect.destination(),
            interaction.request().resources(),
            scopes,
            paths.login(interaction.id()), publisher(interaction.client()), interaction.client().isVouchedFor(), warning(redirect), error);
    }

    private static String publisher(Client client) {
        return client.kind() == RegistrationKind.METADATA_DOCUMENT ? URI.create(client.id()).getHost() : "";
    }

    private static String warning(ValidatedRedirect redirect) {
        if (redirect.isOutOfBand()) {
            return OUT_OF_BAND;
        }
        return redirect.isLoopback() ? LOOPBACK : redirect.isPrivateUse() ? PRIVATE_USE : "";
    }

    /** Whether the application can do some of this already, and asks for more. */
    public boolean stepsUp() {
        return scopes.stream().anyMatch(Permission::isNew);
    }

    public String title() {
        return "Allow access?";
    }
}

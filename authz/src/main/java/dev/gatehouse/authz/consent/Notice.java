package dev.gatehouse.authz.consent;

import dev.gatehouse.authz.client.Client.RegistrationKind;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ValidatedRedirect;

import java.net.URI;

/**
 * The warning of a consent page.
 *
 * @param text empty for no warning
 */
public record Notice(String title, String text) {

    private static final Notice NONE = new Notice("", "");
    private static final String LOOPBACK = "It runs on your own computer, where another program could pretend to be it."
        + " Allow it only if you have just started it yourself.";
    private static final String OUT_OF_BAND = "You will get a code to paste. Do not give it to anyone. Paste it only into"
        + " the application that you have started yourself.";
    private static final String PRIVATE_USE = "The response goes to an app on this device. Allow it only if you have just"
        + " opened that app yourself.";
    private static final String WEB = "Allow it only if you know where it comes from.";
    private static final String DEVICE = "Allow it only if a device in front of you shows exactly this code. If another person sent"
        + " you the code or a link to this page, they are trying to get into your account: choose Deny.";

    public static Notice of(Client client, ValidatedRedirect redirect) {
        String advice = redirect.isOutOfBand() ? OUT_OF_BAND : redirect.isLoopback() ? LOOPBACK : redirect.isPrivateUse() ? PRIVATE_USE : "";
        if (client.isOperatorRegistered()) {
            return advice.isEmpty() ? NONE : new Notice("Is this you?", advice);
        }
        return new Notice("Unverified.", origin(client) + " " + (advice.isEmpty() ? WEB : advice));
    }

    public static Notice ofDevice(Client client) {
        return client.isOperatorRegistered() ? new Notice("Is it yours?", DEVICE) : new Notice("Unverified. Is it yours?", origin(client) + " " + DEVICE);
    }

    private static String origin(Client client) {
        return client.kind() == RegistrationKind.METADATA_DOCUMENT
            ? "This application registered itself, as " + URI.create(client.id()).getHost() + " describes it; this server's operator has not checked it."
            : "This application registered itself; this server's operator has not checked it.";
    }
}

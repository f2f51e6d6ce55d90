package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.client.Client.RegistrationKind;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ValidatedRedirect;
import dev.gatehouse.authz.consent.Notice;
import dev.gatehouse.authz.consent.Permission;
import dev.gatehouse.authz.consent.PolicyLinks;
import dev.gatehouse.authz.consent.ServiceNames.Service;
import dev.gatehouse.authz.page.PageModel.FormPostPage.Field;
import dev.gatehouse.authz.page.PageModel;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.user.User;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/**
 * The consent page. The application's data on it comes from the application itself.
 *
 * @param destination the host and port of the redirect URI
 * @param switchAccount the URL to log in with another account
 * @param publisher the host of the client metadata document; empty for other clients
 * @param error an error of the last submission, or empty
 */
public record ConsentPage(String action, String interaction, String csrf, String application, String applicationId, String account,
                   String destination, List<Service> services, List<Permission> scopes, String switchAccount,
                   String publisher, Notice notice, List<PolicyLinks.Link> links, String error) implements PageModel.Source {

    @Override
    public PageModel model() {
        Stream<Field> hidden = Stream.of(new Field("interaction", interaction), new Field("csrf", csrf));
        Stream<Field> asked = scopes.stream().map(scope -> new Field("scope", scope.name()));
        return PageModel.form("consent", title(), error, action, Stream.concat(hidden, asked).toList(), List.of("decision"));
    }

    static ConsentPage of(OpenInteraction interaction, User user, List<Service> services, List<Permission> scopes, PagePaths paths, String error) {
        Client client = interaction.client();
        ValidatedRedirect redirect = interaction.redirect();
        return new ConsentPage(paths.consent(), interaction.id(), interaction.consentToken(user.sub()),
            client.name(), client.id(), user.username(),
            redirect.isOutOfBand() ? "this browser, as a code to copy" : redirect.destination(),
            services, scopes, paths.login(interaction.id()), publisher(client), Notice.of(client, redirect), PolicyLinks.of(client), error);
    }

    private static String publisher(Client client) {
        return client.kind() == RegistrationKind.METADATA_DOCUMENT ? URI.create(client.id()).getHost() : "";
    }

    /** Returns whether the application has some of the scopes already and asks for more. */
    public boolean stepsUp() {
        return scopes.stream().anyMatch(Permission::isNew);
    }

    public String title() {
        return "Allow access?";
    }
}

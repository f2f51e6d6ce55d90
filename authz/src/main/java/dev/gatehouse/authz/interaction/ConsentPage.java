package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.client.Client.RegistrationKind;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ValidatedRedirect;
import dev.gatehouse.authz.consent.Notice;
import dev.gatehouse.authz.consent.PolicyLinks;
import dev.gatehouse.authz.consent.ServiceNames.Service;
import dev.gatehouse.authz.page.PageModel.FormPostPage.Field;
import dev.gatehouse.authz.page.PageModel;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.scope.ScopePolicy.ScopeOptions;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import dev.gatehouse.shared.oauth.Scopes;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
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

    /**
     * A scope on the consent page.
     *
     * @param includes the titles of the scopes on the page that it implies, or empty
     * @param mark whether the application already has the scope, if it has any; or empty
     * @param locked whether another scope on the page implies it, so that it cannot be deselected
     */
    public record Permission(String name, String title, String description, String includes, String mark, boolean locked) {

        static final String NEW = "New";
        static final String HELD = "Allowed before";

        /** The requested scopes in the order of the configuration. @param held the scopes that the application already has */
        public static List<Permission> of(Scopes asked, Scopes held, List<ScopeOptions> declared, ScopeHierarchy hierarchy) {
            boolean comparing = held.values().stream().anyMatch(asked::contains);
            List<ScopeOptions> shown = declared.stream().filter(scope -> asked.contains(scope.name())).toList();
            return shown.stream().map(scope -> new Permission(scope.name(), scope.title(), scope.description(),
                shown.stream().filter(other -> hierarchy.impliedBy(scope.name()).contains(other.name()))
                    .map(ScopeOptions::title).collect(Collectors.joining(", ")),
                comparing ? held.contains(scope.name()) ? HELD : NEW : "",
                shown.stream().anyMatch(other -> hierarchy.impliedBy(other.name()).contains(scope.name())))).toList();
        }

        boolean isNew() {
            return mark.equals(NEW);
        }
    }
}

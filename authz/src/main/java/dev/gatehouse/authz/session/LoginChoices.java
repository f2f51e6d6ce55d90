package dev.gatehouse.authz.session;

import dev.gatehouse.authz.scope.LoginLevel;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The ways to log in that the login forms offer.
 *
 * @param passwords whether users may log in with a password of this server
 * @param passkeys whether users may log in with a passkey
 * @param reset the path of the page for forgotten passwords, or empty
 * @param providers the identity providers, in the configured order
 */
public record LoginChoices(boolean passwords, boolean passkeys, String reset, List<Choice> providers) {

    public LoginChoices {
        providers = List.copyOf(providers);
    }

    /** Returns whether the forms have a field for an email address, which selects the identity provider by its domain. */
    public boolean byDomain() {
        return providers.stream().anyMatch(choice -> !choice.domains().isEmpty());
    }

    Optional<Choice> named(String name) {
        return providers.stream().filter(choice -> choice.name().equals(name)).findFirst();
    }

    /** The provider of the domain of an email address (home realm discovery). */
    Optional<Choice> ofEmail(String email) {
        String domain = email.substring(email.lastIndexOf('@') + 1).strip().toLowerCase(Locale.ROOT);
        return providers.stream().filter(choice -> choice.domains().contains(domain)).findFirst();
    }

    /** The first provider of these issuers whose logins can satisfy one of these context classes. */
    public Optional<Choice> reaching(List<String> acrValues, Set<String> issuers) {
        return providers.stream().filter(choice -> issuers.contains(choice.issuer()) && choice.highest().satisfied(acrValues).isPresent()).findFirst();
    }

    /**
     * An identity provider.
     *
     * @param name the name in the configuration, which the form sends
     * @param label the name on the button
     * @param issuer the issuer of its identities
     * @param domains the domains of the email addresses of its users, in lower case
     * @param highest the highest level that a login there can have here
     */
    public record Choice(String name, String label, String issuer, List<String> domains, LoginLevel highest) {

        public Choice {
            domains = domains.stream().map(domain -> domain.toLowerCase(Locale.ROOT)).toList();
        }
    }
}

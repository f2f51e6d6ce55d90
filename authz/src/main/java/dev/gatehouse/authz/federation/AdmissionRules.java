package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.federation.Preset.Emails;
import dev.gatehouse.authz.federation.ProviderOptions.AllowedOptions;

import java.util.List;

/** Decides whether a person of an identity provider may log in. Pure. */
final class AdmissionRules {

    private AdmissionRules() {
    }

    /**
     * Checks the conditions of the configuration.
     *
     * @throws UpstreamException if the person does not satisfy one of them
     */
    static UpstreamPerson require(ProviderOptions options, UpstreamPerson person) {
        AllowedOptions allowed = options.allowed();
        boolean domain = allowed.emailDomains().isEmpty() || isIn(allowed.emailDomains(), domain(person.verifiedEmail()));
        boolean group = allowed.groups().isEmpty() || person.groups().stream().anyMatch(allowed.groups()::contains);
        boolean organization = allowed.organizations().isEmpty() || person.organizations().stream().anyMatch(name -> isIn(allowed.organizations(), name));
        if (!domain && person.email() != null && person.verifiedEmail() == null) {
            throw new UpstreamException(UpstreamFault.UNVERIFIED_EMAIL, "an email address that is not verified");
        }
        if (!domain || !group || !organization) {
            throw new UpstreamException(UpstreamFault.NOT_PERMITTED, "allowed: " + (!domain ? "emailDomains" : !group ? "groups" : "organizations"));
        }
        return person;
    }

    /** Returns whether a person without an account lacks the verified address that a new account needs. */
    static boolean lacksEmail(ProviderOptions options, UpstreamPerson person) {
        return options.emails() == Emails.VERIFIED && person.verifiedEmail() == null;
    }

    private static String domain(String email) {
        return email == null ? "" : email.substring(email.lastIndexOf('@') + 1);
    }

    private static boolean isIn(List<String> names, String name) {
        return names.stream().anyMatch(name::equalsIgnoreCase);
    }
}

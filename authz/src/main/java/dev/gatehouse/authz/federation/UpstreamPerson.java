package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;

import java.util.List;

/**
 * A person, as an identity provider describes them.
 *
 * @param name the display name, or null
 * @param email the email address, or null
 * @param emailVerified whether the address counts as verified
 * @param groups the names or identifiers of the groups
 * @param organizations see {@link ProviderOptions.AllowedOptions}
 * @param sessionId the identifier of the session at the provider ({@code sid}), or null
 * @param authenticatedAt the time of the login at the provider, epoch milliseconds, or null
 * @param methods the methods of the login that this server takes over, see {@link TrustedAuthentication}
 * @param provisionedAs the value by which a provisioned account is found, or null
 */
record UpstreamPerson(ExternalIdentity identity, String name, String email, boolean emailVerified, List<String> groups,
                      List<String> organizations, String sessionId, Long authenticatedAt, List<String> methods, String provisionedAs) {

    UpstreamPerson {
        groups = List.copyOf(groups);
        organizations = List.copyOf(organizations);
        methods = List.copyOf(methods);
    }

    /** The email address if it is verified, or null. */
    String verifiedEmail() {
        return emailVerified ? email : null;
    }

    UpstreamPerson withGroups(List<String> read) {
        return new UpstreamPerson(identity, name, email, emailVerified, read, organizations, sessionId, authenticatedAt, methods, provisionedAs);
    }

    /** This description, completed by an earlier one where the provider has sent less than at the login. */
    UpstreamPerson orElse(UpstreamPerson before) {
        return new UpstreamPerson(identity, name, email == null ? before.email : email, email == null ? before.emailVerified : emailVerified,
            groups.isEmpty() ? before.groups : groups, organizations.isEmpty() ? before.organizations : organizations, sessionId, authenticatedAt, methods, provisionedAs);
    }

    @Override
    public String toString() {
        return "UpstreamPerson[" + identity.issuer() + "]";
    }
}

package dev.gatehouse.authz.client;

import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;
import java.util.Set;

/**
 * A registered client.
 *
 * @param secrets its live and expired secrets; empty for a public client
 * @param authMethods the methods that it may use; the guide's client may use Basic and post both
 * @param redirectUris as registered; matched as {@code RedirectUris} says
 * @param grantTypes wire names
 * @param scopes all that it may ever be given
 * @param servedResources identifiers of the resources whose tokens it may introspect
 * @param createdAt epoch milliseconds
 * @param kind how it came to be known
 * @param metadata what else it says of itself
 * @param policy what the operator decided for it; bounds the grant types and scopes above
 */
public record Client(String id, String name, List<Secret> secrets, Set<ClientAuthMethod> authMethods,
                     List<String> redirectUris, Set<String> grantTypes, Scopes scopes, List<String> servedResources,
                     long createdAt, RegistrationKind kind, ClientMetadata metadata, ClientPolicy policy) {

    /**
     * A secret in stored form: {@code sha256:} and base64url for generated ones, or an Argon2id PHC string.
     *
     * @param expiresAt epoch milliseconds, or null
     */
    public record Secret(String hash, long createdAt, Long expiresAt) {

        @Override
        public String toString() {
            return "Secret[…]";
        }
    }

    public Client {
        secrets = List.copyOf(secrets);
        authMethods = Set.copyOf(authMethods);
        redirectUris = List.copyOf(redirectUris);
        grantTypes = policy.grantTypesOf(Set.copyOf(grantTypes));
        scopes = policy.scopesOf(scopes);
        servedResources = List.copyOf(servedResources);
    }

    /** A client that an operator adds, with nothing special about it. */
    public Client(String id, String name, List<Secret> secrets, Set<ClientAuthMethod> authMethods, List<String> redirectUris,
                  Set<String> grantTypes, Scopes scopes, List<String> servedResources, long createdAt) {
        this(id, name, secrets, authMethods, redirectUris, grantTypes, scopes, servedResources, createdAt,
            RegistrationKind.PRE_REGISTERED, ClientMetadata.NONE, ClientPolicy.DEFAULT);
    }

    /** This client with other metadata. */
    public Client withMetadata(ClientMetadata changed) {
        return new Client(id, name, secrets, authMethods, redirectUris, grantTypes, scopes, servedResources, createdAt, kind,
            changed, policy);
    }

    /** This client under another policy. */
    public Client withPolicy(ClientPolicy changed) {
        return new Client(id, name, secrets, authMethods, redirectUris, grantTypes, scopes, servedResources, createdAt, kind,
            metadata, changed);
    }

    /** Whether the operator registered it; any other client is known by its own word only. */
    public boolean isOperatorRegistered() {
        return kind == RegistrationKind.PRE_REGISTERED;
    }

    /** Whether it is a resource server for one of these, whichever ending of the identifier the operator has typed. */
    public boolean serves(List<String> audience) {
        return servedResources.stream().anyMatch(served -> audience.contains(served) || audience.contains(new ResourceId(served).withOtherEnding().value()));
    }

    /** Whether it has no credential of its own (RFC 6749 §2.1). */
    public boolean isPublic() {
        return authMethods.contains(ClientAuthMethod.NONE);
    }
}

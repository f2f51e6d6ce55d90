package dev.gatehouse.authz.client;

import dev.gatehouse.authz.client.ClientPolicy.Consent;
import dev.gatehouse.authz.client.ClientPolicy.Pkce;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A registered client.
 *
 * @param secrets its live and expired secrets; empty for a public client
 * @param authMethods the methods that it may use; the guide's client may use Basic and post both
 * @param redirectUris as registered; {@code RedirectUris} compares them
 * @param grantTypes the wire names of the grants that it may use
 * @param scopes all scopes that it may ever get
 * @param servedResources identifiers of the resources whose tokens it may introspect
 * @param createdAt epoch milliseconds
 * @param kind the way of its registration
 * @param metadata its other metadata
 * @param policy the operator's decisions; limits the grant types and scopes above
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

    /** Creates a client that an operator adds, with the default policy. */
    public Client(String id, String name, List<Secret> secrets, Set<ClientAuthMethod> authMethods, List<String> redirectUris,
                  Set<String> grantTypes, Scopes scopes, List<String> servedResources, long createdAt) {
        this(id, name, secrets, authMethods, redirectUris, grantTypes, scopes, servedResources, createdAt,
            RegistrationKind.PRE_REGISTERED, ClientMetadata.NONE, ClientPolicy.DEFAULT);
    }

    /** Returns the rule that an identifier chosen by an operator breaks; null for none. */
    public static String problemOfIdentifier(String id) {
        if (!id.matches("[\\x21-\\x7E]{1,200}")) {
            return "A client identifier has 1 to 200 characters of printable ASCII without blanks.";
        }
        return User.isSub(id) || id.startsWith("https:") ? "A client identifier begins neither with usr_, as users' do, nor with https:." : null;
    }

    /** Returns the rule that the operator's decisions for this client break; null for none. */
    public String problemOfPolicy() {
        if (policy.consent() == Consent.NEVER && !isOperatorRegistered()) {
            return "Only clients that you added may do without consent. " + id + " controls its own metadata and can change it at any time.";
        }
        if (policy.consent() == Consent.NEVER && isPublic() && !redirectUris.stream().allMatch(uri -> uri.startsWith("https://"))) {
            return "Only an application that no other can impersonate may do without consent: a confidential one, or one with https redirect URIs only.";
        }
        return policy.pkce() != Pkce.REQUIRED && isPublic() ? "Only a confidential client may do without PKCE, which alone protects the codes of a public client." : null;
    }

    /** Returns this client with other metadata. */
    public Client withMetadata(ClientMetadata changed) {
        return new Client(id, name, secrets, authMethods, redirectUris, grantTypes, scopes, servedResources, createdAt, kind,
            changed, policy);
    }

    /** Returns this client with another policy. */
    public Client withPolicy(ClientPolicy changed) {
        return new Client(id, name, secrets, authMethods, redirectUris, grantTypes, scopes, servedResources, createdAt, kind,
            metadata, changed);
    }

    /** Returns whether the operator registered the client. The metadata of any other client is its own claim. */
    public boolean isOperatorRegistered() {
        return kind == RegistrationKind.PRE_REGISTERED;
    }

    /** Returns whether the client is a resource server for one of these. A final slash of the identifier does not matter. */
    public boolean serves(List<String> audience) {
        return servedResources.stream().anyMatch(served -> audience.contains(served) || audience.contains(new ResourceId(served).withOtherEnding().value()));
    }

    /** Returns whether the client is public: it has no credential (RFC 6749 §2.1). */
    public boolean isPublic() {
        return authMethods.contains(ClientAuthMethod.NONE);
    }

    /** The way of a registration. */
    public enum RegistrationKind {
        /** An operator registered the client. */
        PRE_REGISTERED,
        /** The client registered itself (RFC 7591). */
        DYNAMIC,
        /** Its identifier is the URL of a document that describes it (draft-ietf-oauth-client-id-metadata-document). */
        METADATA_DOCUMENT;

        /** Returns the name in the table. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Returns the kind of a wire name. Throws {@link IllegalArgumentException} for another text. */
        public static RegistrationKind of(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }
}

package dev.gatehouse.authz.client;

import dev.gatehouse.authz.client.Client.RegistrationKind;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Set;

/**
 * The metadata of a client after validation, limited to what the client may have (RFC 7591 §2).
 *
 * @param name the name for users; null if the client has none
 * @param redirectUris the valid redirect URIs
 * @param grantTypes wire names
 * @param metadata all other members
 */
public record ClientDescription(String name, Set<ClientAuthMethod> authMethods, List<String> redirectUris, Set<String> grantTypes,
                                Scopes scopes, ClientMetadata metadata) {

    private static final String NAMELESS = "An application without a name";

    public ClientDescription {
        authMethods = Set.copyOf(authMethods);
        redirectUris = List.copyOf(redirectUris);
        grantTypes = Set.copyOf(grantTypes);
    }

    /** Creates the client of a dynamic registration. @param at epoch milliseconds */
    public Client client(String id, List<Client.Secret> secrets, long at) {
        return client(id, NAMELESS, secrets, List.of(), at, RegistrationKind.DYNAMIC);
    }

    /** Creates the client. @param otherName of a client without a name. @param at epoch milliseconds */
    public Client client(String id, String otherName, List<Client.Secret> secrets, List<String> servedResources, long at, RegistrationKind kind) {
        return new Client(id, name == null ? otherName : name, secrets, authMethods, redirectUris, grantTypes, scopes, servedResources,
            at, kind, metadata, ClientPolicy.DEFAULT);
    }

    public boolean hasSecret() {
        return authMethods.contains(ClientAuthMethod.CLIENT_SECRET_BASIC) || authMethods.contains(ClientAuthMethod.CLIENT_SECRET_POST);
    }

    /** Returns the registration response: everything that was registered, in wire names (RFC 7591 §3.2.1). */
    public JsonObject toJson() {
        JsonObject json = metadata.members().copy();
        if (name != null) {
            json.put("client_name", name);
        }
        return json.put("redirect_uris", new JsonArray(redirectUris))
            .put("token_endpoint_auth_method", authMethods.iterator().next().wireName())
            .put("grant_types", new JsonArray(grantTypes.stream().sorted().toList()))
            .put("response_types", grantTypes.contains(GrantType.AUTHORIZATION_CODE.wireName()) ? new JsonArray().add("code") : new JsonArray())
            .put("scope", scopes.toString());
    }

    /** Returns the description of a registered client. */
    public static ClientDescription of(Client client) {
        return new ClientDescription(client.name().equals(NAMELESS) ? null : client.name(),
            client.authMethods(), client.redirectUris(), client.grantTypes(), client.scopes(), client.metadata());
    }
}

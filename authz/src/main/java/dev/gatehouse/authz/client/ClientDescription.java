package dev.gatehouse.authz.client;

import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Set;

/**
 * What a client says of itself, checked and cut down to what it may have (RFC 7591 §2).
 *
 * @param name as people are told it; null where the client gave none
 * @param redirectUris each fit to be one
 * @param grantTypes wire names
 * @param metadata all else
 */
public record ClientDescription(String name, Set<ClientAuthMethod> authMethods, List<String> redirectUris, Set<String> grantTypes,
                                Scopes scopes, ClientMetadata metadata) {

    private static final String NAMELESS = "An application without a name";

    public ClientDescription {
        authMethods = Set.copyOf(authMethods);
        redirectUris = List.copyOf(redirectUris);
        grantTypes = Set.copyOf(grantTypes);
    }

    /** The client that this describes, when it has registered itself. @param at epoch milliseconds */
    public Client client(String id, List<Client.Secret> secrets, long at) {
        return client(id, NAMELESS, secrets, List.of(), at, RegistrationKind.DYNAMIC);
    }

    /** The client that this describes. @param otherName of a client without a name. @param at epoch milliseconds */
    public Client client(String id, String otherName, List<Client.Secret> secrets, List<String> servedResources, long at, RegistrationKind kind) {
        return new Client(id, name == null ? otherName : name, secrets, authMethods, redirectUris, grantTypes, scopes, servedResources,
            at, kind, metadata, ClientPolicy.DEFAULT);
    }

    public boolean hasSecret() {
        return authMethods.contains(ClientAuthMethod.CLIENT_SECRET_BASIC) || authMethods.contains(ClientAuthMethod.CLIENT_SECRET_POST);
    }

    /** As the client hears it back: everything that was registered, in wire names (RFC 7591 §3.2.1). */
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

    /** What a registered client's description was. */
    public static ClientDescription of(Client client) {
        return new ClientDescription(client.name().equals(NAMELESS) ? null : client.name(),
            client.authMethods(), client.redirectUris(), client.grantTypes(), client.scopes(), client.metadata());
    }
}

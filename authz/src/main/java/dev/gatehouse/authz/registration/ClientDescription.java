package dev.gatehouse.authz.registration;

import dev.gatehouse.authz.store.Client;
import dev.gatehouse.authz.store.ClientAuthMethod;
import dev.gatehouse.authz.store.ClientMetadata;
import dev.gatehouse.authz.store.ClientPolicy;
import dev.gatehouse.authz.store.GrantType;
import dev.gatehouse.authz.store.RegistrationKind;
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
 * @param grantTypes wire names, at least one
 * @param metadata all else
 */
public record ClientDescription(String name, ClientAuthMethod authMethod, List<String> redirectUris, Set<String> grantTypes,
                                Scopes scopes, ClientMetadata metadata) {

    private static final String NAMELESS = "An application without a name";

    public ClientDescription {
        redirectUris = List.copyOf(redirectUris);
        grantTypes = Set.copyOf(grantTypes);
    }

    /** The client that this describes. @param at epoch milliseconds */
    Client client(String id, List<Client.Secret> secrets, long at) {
        return new Client(id, name == null ? NAMELESS : name, secrets, Set.of(authMethod), redirectUris, grantTypes, scopes,
            List.of(), at, RegistrationKind.DYNAMIC, metadata, ClientPolicy.DEFAULT);
    }

    boolean hasSecret() {
        return authMethod == ClientAuthMethod.CLIENT_SECRET_BASIC || authMethod == ClientAuthMethod.CLIENT_SECRET_POST;
    }

    /** As the client hears it back: everything that was registered, in wire names (RFC 7591 §3.2.1). */
    JsonObject toJson() {
        JsonObject json = metadata.members().copy();
        if (name != null) {
            json.put("client_name", name);
        }
        return json.put("redirect_uris", new JsonArray(redirectUris))
            .put("token_endpoint_auth_method", authMethod.wireName())
            .put("grant_types", new JsonArray(grantTypes.stream().sorted().toList()))
            .put("response_types", grantTypes.contains(GrantType.AUTHORIZATION_CODE.wireName()) ? new JsonArray().add("code") : new JsonArray())
            .put("scope", scopes.toString());
    }

    /** What a registered client's description was. */
    static ClientDescription of(Client client) {
        return new ClientDescription(client.name().equals(NAMELESS) ? null : client.name(),
            client.authMethods().iterator().next(), client.redirectUris(), client.grantTypes(), client.scopes(), client.metadata());
    }
}

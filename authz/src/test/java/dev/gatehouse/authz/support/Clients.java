package dev.gatehouse.authz.support;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.auth.ClientSecrets;
import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;
import java.util.Set;

/** Clients for tests. */
public final class Clients {

    public static final Set<String> ALL_GRANTS = Set.of("authorization_code", "refresh_token", "client_credentials");
    public static final String REDIRECT_URI = "http://127.0.0.1/callback";

    private Clients() {
    }

    public static Client publicClient(String id) {
        return client(id, ClientAuthMethod.NONE, null, Set.of("authorization_code", "refresh_token"), List.of());
    }

    public static Client basicClient(String id, String secret) {
        return client(id, ClientAuthMethod.CLIENT_SECRET_BASIC, secret, ALL_GRANTS, List.of());
    }

    public static Client postClient(String id, String secret) {
        return client(id, ClientAuthMethod.CLIENT_SECRET_POST, secret, ALL_GRANTS, List.of());
    }

    public static Client resourceServer(String id, String secret, String... served) {
        return client(id, ClientAuthMethod.CLIENT_SECRET_BASIC, secret, Set.of(), List.of(served));
    }

    public static Client withGrants(String id, String secret, String... grants) {
        Client plain = client(id, ClientAuthMethod.CLIENT_SECRET_BASIC, secret, Set.of(grants), List.of());
        return new Client(plain.id(), plain.name(), plain.secrets(), plain.authMethods(), plain.redirectUris(), plain.grantTypes(),
            Scopes.of("openid", "mcp:read", "mcp:write"), plain.servedResources(), 0);
    }

    private static Client client(String id, ClientAuthMethod method, String secret, Set<String> grants, List<String> served) {
        List<Client.Secret> secrets = secret == null ? List.of()
            : List.of(new Client.Secret(ClientSecrets.storedForm(secret), 0, null));
        return new Client(id, "Client " + id, secrets, Set.of(method), List.of(REDIRECT_URI), grants,
            Scopes.of("mcp:read", "mcp:write"), served, 0);
    }
}

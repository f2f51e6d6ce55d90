package dev.gatehouse.authz;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.ClientStore;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.client.auth.ClientSecrets;
import dev.gatehouse.authz.user.PasswordHasher;
import dev.gatehouse.authz.user.RoleStore.Role;
import dev.gatehouse.authz.user.RoleStore;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.Future;

import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Adds the user and the client of the demo profile if they are missing; never changes them. */
public final class DemoData {

    static final String USERNAME = DemoAccount.USERNAME;
    static final String PASSWORD = DemoAccount.PASSWORD;
    static final String CLIENT_ID = DemoAccount.CLIENT_ID;
    static final String CLIENT_SECRET = DemoAccount.CLIENT_SECRET;

    /** The redirect URIs of the guide and of common MCP clients; loopback URIs match on any port. */
    private static final List<String> REDIRECT_URIS = List.of("urn:ietf:wg:oauth:2.0:oob", "http://localhost:3000/callback",
        "http://127.0.0.1/callback", "http://[::1]/callback", "http://localhost/oauth/callback", "http://127.0.0.1/oauth/callback");

    private final UserStore users;
    private final ClientStore clients;
    private final RoleStore roles;
    private final PasswordHasher passwords;
    private final Clock clock;

    DemoData(UserStore users, ClientStore clients, RoleStore roles, PasswordHasher passwords, Clock clock) {
        this.users = users;
        this.clients = clients;
        this.roles = roles;
        this.passwords = passwords;
        this.clock = clock;
    }

    Future<Void> seed(AuthzOptions options) {
        return users.findByUsername(USERNAME)
            .compose(user -> user.isPresent() ? Future.succeededFuture() : addUser())
            .compose(done -> clients.find(CLIENT_ID))
            .compose(client -> client.isPresent() ? makeFast(client.get()) : addClient(options));
    }

    private Future<Void> addUser() {
        return passwords.hash(PASSWORD).compose(hash -> users.add(new User(User.newSub(), USERNAME, hash,
            "testuser@example.com", "Test User", false, clock.millis(), null)))
            .compose(added -> roles.set(USERNAME, Optional.of(Role.OWNER), clock.millis())).mapEmpty();
    }

    private Future<Void> addClient(AuthzOptions options) {
        return clients.add(client(options)).mapEmpty();
    }

    /** The demo secret is public, so a slow hash protects nothing and only costs time. */
    private Client.Secret secret() {
        return new Client.Secret(ClientSecrets.storedForm(CLIENT_SECRET), clock.millis(), null);
    }

    /** Replaces a slow hash of the demo secret that an earlier version stored. */
    private Future<Void> makeFast(Client client) {
        Optional<Client.Secret> slow = client.secrets().stream().filter(stored -> ClientSecrets.isSlow(stored.hash())).findFirst();
        return slow.isEmpty() ? Future.succeededFuture() : passwords.verify(CLIENT_SECRET, slow.get().hash())
            .compose(isDemo -> isDemo ? clients.rotateSecret(CLIENT_ID, secret(), clock.millis()).mapEmpty() : Future.succeededFuture());
    }

    /** The client is also the demo's resource server: the guide uses one set of credentials for everything. */
    private Client client(AuthzOptions options) {
        return new Client(CLIENT_ID, "MCP test client", List.of(secret()),
            Set.of(ClientAuthMethod.CLIENT_SECRET_BASIC, ClientAuthMethod.CLIENT_SECRET_POST), REDIRECT_URIS,
            Set.copyOf(GrantType.names()), new Scopes(new LinkedHashSet<>(options.scopeNames())), List.of(options.defaultResource().value()), clock.millis());
    }

    /** The well-known user and client of the demo profile. */
    public static final class DemoAccount {

        public static final String USERNAME = "testuser";
        public static final String PASSWORD = "testpass";
        public static final String CLIENT_ID = "mcp-test-client";
        public static final String CLIENT_SECRET = "mcp-test-secret";

        /** The account as the demo's pages show it. */
        static final Map<String, String> SHOWN = Map.of("username", USERNAME, "password", PASSWORD, "client", CLIENT_ID, "secret", CLIENT_SECRET);

        private DemoAccount() {
        }
    }
}

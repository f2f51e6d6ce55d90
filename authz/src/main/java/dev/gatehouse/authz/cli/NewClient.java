package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.authorize.RedirectUris;
import dev.gatehouse.authz.options.AuthzOptions;
import dev.gatehouse.authz.store.Client;
import dev.gatehouse.authz.store.ClientAuthMethod;
import dev.gatehouse.authz.store.User;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.Scopes;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What an operator says of a new client, checked as a registration is. */
final class NewClient {

    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    static final Set<String> GRANTS = Set.of("authorization_code", "refresh_token", "client_credentials", JWT_BEARER,
        TOKEN_EXCHANGE);

    private static final List<String> METHODS = List.of("client_secret_basic", "client_secret_post", "private_key_jwt");

    @ArgGroup(multiplicity = "1")
    private Type type;

    @Option(names = "--name", description = "What people are told that it is called (default: its identifier).")
    private String name;

    @Option(names = "--redirect-uri", paramLabel = "URI", description = "Where the user's browser comes back to; may be repeated. Loopback URIs match on any port.")
    private List<String> redirectUris = new ArrayList<>();

    @Option(names = "--scope", split = "[ ,]", paramLabel = "SCOPE", description = "A scope that it may ask for; may be repeated (default: all).")
    private List<String> scopes = new ArrayList<>();

    @Option(names = "--grant", split = "[ ,]", paramLabel = "GRANT", description = "authorization_code, refresh_token, client_credentials, " + JWT_BEARER
        + " or " + TOKEN_EXCHANGE + "; may be repeated"
        + " (default: the first two with a redirect URI, else client_credentials unless it serves a resource).")
    private List<String> grants = new ArrayList<>();

    @Option(names = "--serves", paramLabel = "RESOURCE", description = "A resource that it serves, and whose tokens it may introspect; may be repeated.")
    private List<String> serves = new ArrayList<>();

    @Option(names = "--auth-method", split = "[ ,]", paramLabel = "METHOD", description = "client_secret_basic, client_secret_post or private_key_jwt;"
        + " may be repeated (default: the first two).")
    private List<String> authMethods = new ArrayList<>();

    /** Exactly one of the two. */
    static final class Type {

        @Option(names = "--public", required = true, description = "It runs at its users and can keep no secret.")
        private boolean isPublic;

        @Option(names = "--confidential", required = true, description = "It runs on a server and gets a secret.")
        private boolean confidential;
    }

    boolean isConfidential() {
        return type.confidential;
    }

    /** Whether it gets a secret: a client that signs with a key of its own needs none. */
    boolean hasSecret() {
        return isConfidential() && !authMethods.equals(List.of("private_key_jwt"));
    }

    /** @throws StartupException that says what is wrong */
    Client client(String id, String secretHash, AuthzOptions options, long now) {
        require(id.matches("[\\x21-\\x7E]{1,200}"), "A client identifier has 1 to 200 characters of printable ASCII without blanks.");
        require(!User.isSub(id) && !id.startsWith("https:"), "A client identifier begins neither with usr_, as users' do, nor with https:.");
        redirectUris.forEach(uri -> RedirectUris.refusal(uri).ifPresent(refusal -> refuse("--redirect-uri " + uri + ": " + refusal)));
        Set<String> granted = grants();
        require(GRANTS.containsAll(granted), "--grant is one of " + new TreeSet<>(GRANTS) + ".");
        require(!granted.contains("authorization_code") || !redirectUris.isEmpty(), "The grant authorization_code needs a --redirect-uri.");
        require(isConfidential() || !redirectUris.isEmpty() || granted.equals(Set.of(JWT_BEARER)), "A public client needs a --redirect-uri.");
        for (String grant : List.of("client_credentials", TOKEN_EXCHANGE)) {
            require(!granted.contains(grant) || isConfidential(), "The grant " + grant + " is for confidential clients.");
        }
        require(isConfidential() || serves.isEmpty(), "Only a confidential client may introspect tokens: --serves needs --confidential.");
        require(options.scopeNames().containsAll(scopes), "--scope is one of " + options.scopeNames() + ".");
        List<Client.Secret> secrets = secretHash == null ? List.of() : List.of(new Client.Secret(secretHash, now, null));
        return new Client(id, name == null ? id : name, secrets, methods(), redirectUris, granted,
            new Scopes(new LinkedHashSet<>(scopes.isEmpty() ? options.scopeNames() : scopes)), served(), now);
    }

    private Set<String> grants() {
        if (!grants.isEmpty()) {
            return Set.copyOf(grants);
        }
        if (!redirectUris.isEmpty()) {
            return Set.of("authorization_code", "refresh_token");
        }
        return serves.isEmpty() ? Set.of("client_credentials") : Set.of();
    }

    private Set<ClientAuthMethod> methods() {
        if (!isConfidential()) {
            require(authMethods.isEmpty(), "--auth-method is for confidential clients.");
            return Set.of(ClientAuthMethod.NONE);
        }
        Set<ClientAuthMethod> methods = new LinkedHashSet<>();
        (authMethods.isEmpty() ? List.of("client_secret_basic", "client_secret_post") : authMethods).forEach(method -> {
            require(METHODS.contains(method), "--auth-method is one of " + METHODS + ".");
            methods.add(ClientAuthMethod.of(method));
        });
        return methods;
    }

    private List<String> served() {
        try {
            return serves.stream().map(text -> ResourceId.parse(text).value()).toList();
        } catch (OAuthException e) {
            throw new StartupException("--serves: " + e.description() + ". Nothing was changed.");
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            refuse(otherwise);
        }
    }

    private static void refuse(String reason) {
        throw new StartupException(reason + " Nothing was changed.");
    }
}

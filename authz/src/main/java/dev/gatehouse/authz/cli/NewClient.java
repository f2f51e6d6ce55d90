package dev.gatehouse.authz.cli;

import static dev.gatehouse.authz.cli.ClientStatement.require;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ResourceId;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The options that describe a new client. */
final class NewClient {

    private static final Set<String> SECRETS = Set.of("client_secret_basic", "client_secret_post");
    private static final Set<String> METHODS = Arrays.stream(ClientAuthMethod.values()).filter(method -> method != ClientAuthMethod.NONE)
        .map(ClientAuthMethod::wireName).collect(Collectors.toCollection(TreeSet::new));

    @ArgGroup(multiplicity = "1")
    private Type type;

    @Option(names = "--name", description = "Display name of the client, shown at consent (default: its identifier).")
    private String name;

    @Option(names = "--redirect-uri", paramLabel = "URI", description = "Redirect URI; repeatable. Loopback URIs match with any port.")
    private List<String> redirectUris = new ArrayList<>();

    @Option(names = "--scope", split = "[ ,]", paramLabel = "SCOPE", description = "Scope that the client may request; repeatable (default: all).")
    private List<String> scopes = new ArrayList<>();

    @Option(names = "--grant", split = "[ ,]", paramLabel = "GRANT", completionCandidates = GrantNames.class, description = "${COMPLETION-CANDIDATES}; repeatable"
        + " (default: the first two with a redirect URI; otherwise client_credentials, or none for a client that serves a resource).")
    private List<String> grants = new ArrayList<>();

    @Option(names = "--serves", paramLabel = "RESOURCE", description = "Resource that this client serves. It may introspect the tokens of that resource; repeatable.")
    private List<String> serves = new ArrayList<>();

    @Option(names = "--auth-method", split = "[ ,]", paramLabel = "METHOD", completionCandidates = MethodNames.class,
        description = "${COMPLETION-CANDIDATES}; repeatable (default: client_secret_basic and client_secret_post).")
    private List<String> authMethods = new ArrayList<>();

    /** Exactly one of the two. */
    static final class Type {

        @Option(names = "--public", required = true, description = "Public client: it runs on the user's device and cannot keep a secret.")
        private boolean isPublic;

        @Option(names = "--confidential", required = true, description = "Confidential client: it runs on a server and gets a secret.")
        private boolean confidential;
    }

    boolean isConfidential() {
        return type.confidential;
    }

    /** Returns whether it gets a secret. A client that authenticates with a key needs none. */
    boolean hasSecret() {
        return isConfidential() && (authMethods.isEmpty() || authMethods.stream().anyMatch(SECRETS::contains));
    }

    /** @throws StartupException where the options contradict each other, or the identifier cannot be one */
    void requireSound(String id) {
        String problem = Client.problemOfIdentifier(id);
        require(problem == null, problem);
        require(isConfidential() || authMethods.isEmpty(), "--auth-method is for confidential clients.");
        require(isConfidential() || !redirectUris.isEmpty() || !grants.isEmpty(),
            "A public client needs a --redirect-uri, or a --grant that does without.");
        require(isConfidential() || serves.isEmpty(), "Only a confidential client may introspect tokens: --serves needs --confidential.");
    }

    void describe(ClientStatement statement) {
        statement.say("client_name", name);
        statement.say("token_endpoint_auth_methods_supported",
            isConfidential() ? authMethods.isEmpty() ? SECRETS : authMethods : Set.of(ClientAuthMethod.NONE.wireName()));
        statement.say("redirect_uris", redirectUris);
        statement.say("grant_types", grants);
        statement.say("scope", String.join(" ", scopes));
    }

    Set<String> defaultGrants() {
        if (!redirectUris.isEmpty()) {
            return GrantType.USUAL;
        }
        return serves.isEmpty() ? Set.of(GrantType.CLIENT_CREDENTIALS.wireName()) : Set.of();
    }

    /** @throws StartupException where one is no identifier of a resource */
    List<String> served() {
        try {
            return serves.stream().map(text -> ResourceId.parse(text).value()).toList();
        } catch (OAuthException e) {
            throw new StartupException("--serves: " + e.description() + ". Nothing was changed.");
        }
    }

    /** For the help. */
    static final class GrantNames implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return GrantType.names().iterator();
        }
    }

    /** For the help. */
    static final class MethodNames implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return METHODS.iterator();
        }
    }
}

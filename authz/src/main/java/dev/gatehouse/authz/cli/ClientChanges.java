package dev.gatehouse.authz.cli;

import picocli.CommandLine.Option;

import java.util.List;

/** The options that replace registered metadata of a client. An absent option changes nothing. */
final class ClientChanges {

    @Option(names = "--name", description = "Display name of the client, shown at consent.")
    private String name;

    @Option(names = "--redirect-uri", paramLabel = "URI", description = "Redirect URI. Replaces all registered ones; repeatable.")
    private List<String> redirectUris;

    @Option(names = "--scope", split = "[ ,]", paramLabel = "SCOPE", description = "Scope that the client may request. Replaces all registered ones; repeatable.")
    private List<String> scopes;

    @Option(names = "--grant", split = "[ ,]", paramLabel = "GRANT", description = "Grant type that the client may use. Replaces all registered ones; repeatable.")
    private List<String> grants;

    void describe(ClientStatement statement) {
        if (name != null) {
            statement.say("client_name", name);
        }
        if (redirectUris != null) {
            statement.say("redirect_uris", redirectUris);
        }
        if (scopes != null) {
            statement.say("scope", String.join(" ", scopes));
        }
        if (grants != null) {
            statement.say("grant_types", grants);
        }
    }
}

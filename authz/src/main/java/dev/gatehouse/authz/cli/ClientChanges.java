package dev.gatehouse.authz.cli;

import picocli.CommandLine.Option;

import java.util.List;

/** The options that replace registered metadata of a client. An absent option changes nothing. */
final class ClientChanges {

    @Option(names = "--name", description = "What people are told that it is called.")
    private String name;

    @Option(names = "--redirect-uri", paramLabel = "URI", description = "Where the user's browser comes back to, instead of all before; may be repeated.")
    private List<String> redirectUris;

    @Option(names = "--scope", split = "[ ,]", paramLabel = "SCOPE", description = "A scope that it may ask for, instead of all before; may be repeated.")
    private List<String> scopes;

    @Option(names = "--grant", split = "[ ,]", paramLabel = "GRANT", description = "A grant that it may use, instead of all before; may be repeated.")
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

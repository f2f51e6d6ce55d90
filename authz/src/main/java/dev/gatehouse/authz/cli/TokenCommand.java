package dev.gatehouse.authz.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** Gets an access token for scripts by the authorization code flow. */
@Command(name = "token", mixinStandardHelpOptions = true,
    description = {"Print an access token, and nothing else, on stdout.",
        "Runs the authorization code flow with PKCE as the demo client, for scripts and curl.",
        "Works only with a server in the demo profile."})
final class TokenCommand implements Callable<Integer> {

    @Option(names = "--auth-server", paramLabel = "URL", defaultValue = "http://localhost:9000",
        description = "Authorization server (default: ${DEFAULT-VALUE}).")
    private String authServer;

    @Option(names = "--resource", paramLabel = "URL",
        description = "Resource indicator of the token (default: the server's default resource).")
    private String resource;

    @Option(names = "--scope", defaultValue = "mcp:read mcp:write",
        description = "Scopes, space-separated (default: ${DEFAULT-VALUE}).")
    private String scope;

    @Option(names = "--username", defaultValue = "testuser",
        description = "User to log in as (default: ${DEFAULT-VALUE}).")
    private String username;

    @Option(names = "--password-stdin",
        description = "Read the user's password from the first line of stdin (default: the demo user's).")
    private boolean passwordFromInput;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String password = passwordFromInput ? SecretInput.firstLineOfInput() : "testpass";
        spec.commandLine().getOut()
            .println(new ScriptedFlow(authServer).accessToken(username, password, scope, resource));
        return 0;
    }
}

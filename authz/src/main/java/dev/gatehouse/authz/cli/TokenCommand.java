package dev.gatehouse.authz.cli;

import dev.gatehouse.shared.cli.StoredTokens;
import dev.gatehouse.shared.config.StartupException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.ServiceLoader;
import java.util.concurrent.Callable;

/** Gets an access token for scripts: of a stored login, or by the authorization code flow of the demo. */
@Command(name = "token", mixinStandardHelpOptions = true,
    description = {"Print an access token, and nothing else, on stdout.",
        "With URL or NAME: the token of the login that 'gatehouse login' stored. An expired token is refreshed.",
        "Without: a token from the authorization code flow with PKCE, as the demo client. This requires a server in the demo profile."})
final class TokenCommand implements Callable<Integer> {

    @Parameters(paramLabel = "URL|NAME", arity = "0..1", description = "MCP server of a stored login. No options apply.")
    private String target;

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
        return target == null ? demoToken() : storedToken();
    }

    private int storedToken() {
        if (spec.commandLine().getParseResult().matchedOptions().size() > 0) {
            throw new ParameterException(spec.commandLine(), "A stored login has its own scopes and user, so no option applies with URL|NAME.");
        }
        return ServiceLoader.load(StoredTokens.class).findFirst()
            .orElseThrow(() -> new StartupException("This installation has no MCP client, and so no stored logins."))
            .print(target, spec.commandLine().getOut(), spec.commandLine().getErr());
    }

    private int demoToken() {
        String password = passwordFromInput ? SecretInput.firstLineOfInput() : "testpass";
        spec.commandLine().getOut()
            .println(new ScriptedFlow(authServer).accessToken(username, password, scope, resource));
        return 0;
    }
}

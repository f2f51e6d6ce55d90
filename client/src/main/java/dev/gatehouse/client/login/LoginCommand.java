package dev.gatehouse.client.login;

import dev.gatehouse.client.config.ServerEntry;
import dev.gatehouse.client.connect.ClientProcess;
import dev.gatehouse.client.connect.ConnectionOptions;
import dev.gatehouse.client.oauth.Credential;
import dev.gatehouse.client.oauth.Login;
import dev.gatehouse.client.oauth.OAuthOptions;
import dev.gatehouse.client.terminal.StandardTerminal;
import dev.gatehouse.shared.cli.Listing;
import io.vertx.core.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Signs in to a server and stores the credential. */
@Command(name = "login", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Sign in to an MCP server, and keep the login for every command and stdio server.",
        "The credential is stored encrypted in the data home, and never printed."},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:signed in", "1:the server could not be reached", "2:the command line was wrong", "4:authorization failed"})
public final class LoginCommand implements Callable<Integer> {

    @Mixin
    private LoginTarget target;

    @Option(names = "--auth-server", paramLabel = "ISSUER",
        description = "Authorization server of a URL whose MCP server need not run, such as one over stdio.")
    private String authServer;

    @Option(names = "--scope", paramLabel = "SCOPES", description = "Scopes, space-separated (default: those that the server asks for).")
    private String scope;

    @Option(names = "--client-id", paramLabel = "ID", description = "A registered public client (default: this client registers itself).")
    private String clientId;

    @Option(names = "--device", description = "Sign in on another device, by a code (RFC 8628).")
    private boolean device;

    @Option(names = "--bearer", description = "Get tokens that are not bound to a key, for 'gatehouse token' and curl.")
    private boolean bearer;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ServerEntry server = target.server();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter error = spec.commandLine().getErr();
        try (ClientProcess client = ClientProcess.create(ConnectionOptions.of(target.options()), vertx -> new StandardTerminal(vertx, error), error)) {
            OAuthOptions options = server.auth().with(scope, clientId, device ? OAuthOptions.GrantKind.DEVICE_CODE : null, bearer ? Boolean.FALSE : null);
            Login login = client.connector().login(server.with(options));
            Future<Credential> credential = authServer == null ? login.run(Optional.empty(), null) : login.runAt(authServer);
            return client.run(credential.map(signedIn -> print(signedIn, out)));
        }
    }

    private static int print(Credential credential, PrintWriter out) {
        Listing.field(out, "signed in to", credential.server());
        Listing.field(out, "issuer", credential.authorizationServer().name());
        Listing.field(out, "scopes", credential.tokens().scope() == null ? "" : credential.tokens().scope());
        out.flush();
        return 0;
    }
}

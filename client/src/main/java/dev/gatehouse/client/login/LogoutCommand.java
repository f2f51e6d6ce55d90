package dev.gatehouse.client.login;

import dev.gatehouse.client.Connector;
import dev.gatehouse.client.config.ServerEntry;
import dev.gatehouse.client.connect.ClientProcess;
import dev.gatehouse.client.connect.ConnectionOptions;
import dev.gatehouse.client.oauth.Credential;
import dev.gatehouse.client.terminal.StandardTerminal;
import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

/** Ends stored logins, here and at their authorization servers. */
@Command(name = "logout", mixinStandardHelpOptions = true, sortOptions = false,
    description = "End a login: revoke its tokens at the authorization server (RFC 7009), and remove them here.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:ended, or there was none", "1:removed here, but the authorization server did not confirm the revocation",
        "2:the command line was wrong"})
public final class LogoutCommand implements Callable<Integer> {

    private static final int NOT_REVOKED = 1;

    @Mixin
    private LoginTarget target;

    @Option(names = "--all", description = "End every stored login.")
    private boolean all;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (all && target.isNamed()) {
            throw new ParameterException(spec.commandLine(), "--all takes no server.");
        }
        ServerEntry server = all ? null : target.server();
        List<ServerEntry> configured = configured();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter error = spec.commandLine().getErr();
        try (ClientProcess client = ClientProcess.create(ConnectionOptions.of(target.options()), vertx -> new StandardTerminal(vertx, error), error)) {
            return client.run(client.credentials().all().compose(stored -> {
                List<Credential> ended = stored.stream().filter(each -> all || Connector.owns(server, each)).toList();
                if (ended.isEmpty()) {
                    out.println("There is no stored login" + (all ? "." : " for " + server.name() + "."));
                }
                return end(client, ended, configured, out);
            }));
        }
    }

    /** A faulty configuration does not keep {@code --all} from ending logins. It has been read before where a server is named. */
    private List<ServerEntry> configured() {
        try {
            return target.options().config().servers();
        } catch (StartupException faulty) {
            return List.of();
        }
    }

    /** One after the other. */
    private static Future<Integer> end(ClientProcess client, List<Credential> credentials, List<ServerEntry> configured, PrintWriter out) {
        Future<Integer> code = Future.succeededFuture(0);
        for (Credential credential : credentials) {
            code = code.compose(sofar -> client.connector().logOut(credential, configured).map(revoked -> {
                String issuer = credential.authorizationServer().name();
                out.println("Signed out of " + credential.server() + (revoked ? "; " + issuer + " has revoked the tokens."
                    : ". " + issuer + " did not confirm the revocation: the tokens work until they expire."));
                return revoked ? sofar : NOT_REVOKED;
            }));
        }
        return code;
    }
}

package dev.gatehouse.client.login;

import dev.gatehouse.client.connect.ClientProcess;
import dev.gatehouse.client.connect.ConnectionOptions;
import dev.gatehouse.client.connect.TargetOptions;
import dev.gatehouse.client.oauth.Credential;
import dev.gatehouse.client.terminal.StandardTerminal;
import dev.gatehouse.shared.cli.Listing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

/** Lists the stored logins, without secrets. */
@Command(name = "whoami", mixinStandardHelpOptions = true,
    description = "List the stored logins: server, authorization server, client, scopes and expiry. Tokens are not shown.")
public final class WhoamiCommand implements Callable<Integer> {

    @Mixin
    private Listing.Format format;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter error = spec.commandLine().getErr();
        try (ClientProcess client = ClientProcess.create(ConnectionOptions.of(new TargetOptions()), vertx -> new StandardTerminal(vertx, error), error)) {
            return client.run(client.credentials().all().map(stored -> print(stored, out)));
        }
    }

    private int print(List<Credential> stored, PrintWriter out) {
        Listing listing = new Listing("server", "issuer", "resource", "client", "scopes", "token_expires", "refreshable");
        for (Credential each : stored) {
            listing.add(each.server(), each.authorizationServer().name(), each.key().resource(), each.client().id(),
                each.tokens().scope() == null ? List.of() : List.of(each.tokens().scope().split(" ")),
                each.tokens().expiresAt(), each.tokens().refreshToken() != null);
        }
        if (stored.isEmpty() && !format.isJson()) {
            out.println("There is no stored login. Sign in with: gatehouse login URL");
        } else {
            listing.print(out, format);
        }
        return 0;
    }
}

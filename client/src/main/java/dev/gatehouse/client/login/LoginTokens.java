package dev.gatehouse.client.login;

import dev.gatehouse.client.config.ServerEntry;
import dev.gatehouse.client.config.ServerEntry.TransportKind;
import dev.gatehouse.client.connect.ClientProcess;
import dev.gatehouse.client.connect.ConnectionOptions;
import dev.gatehouse.client.connect.TargetOptions;
import dev.gatehouse.client.terminal.StandardTerminal;
import dev.gatehouse.shared.cli.StoredTokens;
import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.Future;

import java.io.PrintWriter;

/** Access tokens of the stored logins. */
public final class LoginTokens implements StoredTokens {

    @Override
    public int print(String target, PrintWriter out, PrintWriter error) {
        TargetOptions options = new TargetOptions();
        ServerEntry server = options.server(target, TransportKind.HTTP);
        try (ClientProcess client = ClientProcess.create(ConnectionOptions.of(options), vertx -> new StandardTerminal(vertx, error), error)) {
            return client.run(client.connector().stored(server).compose(stored -> stored.isEmpty()
                ? Future.<Integer>failedFuture(new StartupException("There is no stored login for " + target + ". Sign in with: gatehouse login " + target)) : client.connector().login(server).fresh(stored.get()).map(credential -> {
                    out.println(credential.tokens().accessToken());
                    if (credential.tokens().isDpop()) {
                        error.println("gatehouse: the token is bound to the key of this login (DPoP). Sign in with --bearer for one to use with curl.");
                    }
                    return 0;
                })));
        }
    }
}

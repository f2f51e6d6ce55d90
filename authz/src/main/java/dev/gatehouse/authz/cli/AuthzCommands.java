package dev.gatehouse.authz.cli;

import dev.gatehouse.shared.cli.CommandProvider;
import dev.gatehouse.shared.cli.Logging;
import dev.gatehouse.shared.cli.PlainOptions;
import dev.gatehouse.shared.cli.PortNumber;
import dev.gatehouse.shared.cli.ServerCommand;
import dev.gatehouse.shared.cli.Servers;
import dev.gatehouse.shared.config.ConfigFile;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Adds the commands of the authorization server to the command line. */
public final class AuthzCommands implements CommandProvider {

    @Override
    public List<Object> commands() {
        return List.of(new AuthzCommand(), new TokenCommand(), new UserCommand(), new GroupCommand(), new ClientCommand(),
            new KeyCommand(), new AuditCommand(), new InitCommand());
    }

    @Override
    public ServerCommand server() {
        return new AuthzCommand();
    }

    /** The authorization server alone. */
    @Command(name = "authz", mixinStandardHelpOptions = true,
        description = "Start the authorization server. Without -conf it runs in the demo profile, for this machine only.")
    private static final class AuthzCommand implements Runnable, ServerCommand {

        @Option(names = "--host", description = "Name or address to listen on (default: localhost).")
        private String host;

        @Option(names = "--port", converter = PortNumber.class, description = "Port to listen on (default: 9000).")
        private Integer port;

        @Option(names = {"-conf", "--conf"}, paramLabel = "FILE",
            description = "Configuration file; conf/authz.json is an example.")
        private Path configuration;

        @Option(names = "--debug", description = "Write debug messages to the log.")
        private boolean debug;

        @Override
        public Set<String> valued() {
            return Set.of("--host", "--port", "-conf");
        }

        @Override
        public void serve(PlainOptions options) {
            host = options.text("--host");
            port = options.port("--port");
            configuration = options.configuration();
            debug = options.isDebug();
            run();
        }

        @Override
        public void run() {
            if (debug) {
                Logging.debug();
            }
            JsonObject json = configuration == null ? new JsonObject() : ConfigFile.read(configuration);
            if (host != null) {
                json.put("host", host);
            }
            if (port != null) {
                json.put("port", port);
            }
            Servers.create("gatehouse-authz", json).deploy("dev.gatehouse.authz.AuthzVerticle", json).await();
        }
    }
}

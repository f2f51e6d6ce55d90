package dev.gatehouse.shared.cli;

import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.text.VisibleText;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Starts a server without Picocli, whose classes take a fifth of a start. A command line that is not plain is for {@link Gatehouse}. */
public final class ServerMain {

    /** Class names, because modules do not depend on each other, and a search for services reads all libraries. */
    private static final Map<String, String> PROVIDERS = Map.of(
        "authz", "dev.gatehouse.authz.cli.AuthzCommands",
        "mcp", "dev.gatehouse.resource.cli.ResourceCommands");

    private ServerMain() {
    }

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param arguments the command and its options
     */
    public static void main(String[] arguments) {
        Logging.configure();
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        return serve(arguments).orElseGet(() -> Gatehouse.run(arguments));
    }

    /** Empty for a command line that is not plain. */
    private static OptionalInt serve(String... arguments) {
        try {
            ServerCommand command = arguments.length == 0 ? null : command(arguments[0]);
            if (command == null) {
                return OptionalInt.empty();
            }
            List<String> options = Arrays.asList(arguments).subList(1, arguments.length);
            command.serve(PlainOptions.read(arguments[0], options, command.valued()));
            return OptionalInt.of(0);
        } catch (PlainOptions.Misuse misuse) {
            return OptionalInt.empty();
        } catch (StartupException refusal) {
            System.err.println(VisibleText.lines("gatehouse: " + refusal.getMessage()));
            return OptionalInt.of(1);
        } catch (RuntimeException fault) {
            // As Picocli does. Otherwise threads that have started would keep the process.
            fault.printStackTrace();
            return OptionalInt.of(1);
        }
    }

    private static ServerCommand command(String name) {
        if (name.equals("up")) {
            return new UpCommand();
        }
        String provider = PROVIDERS.get(name);
        try {
            return provider == null ? null : ((CommandProvider) Class.forName(provider).getConstructor().newInstance()).server();
        } catch (ReflectiveOperationException absent) {
            throw new IllegalStateException("The library of " + name + " is absent", absent);
        }
    }
}

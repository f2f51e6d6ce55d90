package dev.gatehouse.shared.cli;

import java.util.List;

/** Adds the commands of a module to the command line. {@link java.util.ServiceLoader} finds it, because modules do not depend on each other. */
public interface CommandProvider {

    /** {@return Picocli commands: objects whose class carries {@link picocli.CommandLine.Command}} */
    List<Object> commands();

    /** {@return the command that starts the server of the module; null if it has none} */
    default ServerCommand server() {
        return null;
    }
}

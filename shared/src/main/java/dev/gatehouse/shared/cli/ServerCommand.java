package dev.gatehouse.shared.cli;

import java.util.Set;

/** A command that starts a server. A valid command line starts it without Picocli; every other one is for Picocli. */
public interface ServerCommand {

    /** {@return its options with a value} */
    Set<String> valued();

    /**
     * Serves until the process ends.
     *
     * @param options the command line
     * @throws PlainOptions.Misuse before anything starts, if the command line is for Picocli
     */
    void serve(PlainOptions options);
}

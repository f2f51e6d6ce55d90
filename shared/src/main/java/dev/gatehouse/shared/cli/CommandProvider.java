package dev.gatehouse.shared.cli;

import java.util.List;

/** What a module adds to the command line, found by {@link java.util.ServiceLoader}: modules do not know one another. */
public interface CommandProvider {

    /** {@return Picocli commands: objects whose class carries {@link picocli.CommandLine.Command}} */
    List<Object> commands();
}

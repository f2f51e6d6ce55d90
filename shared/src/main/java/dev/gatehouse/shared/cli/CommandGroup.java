package dev.gatehouse.shared.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;

/**
 * A command whose methods are subcommands. {@link Gatehouse} adds those that it needs, so {@code addMethodSubcommands} is false. Without one of them it prints
 * its usage.
 */
public abstract class CommandGroup implements Runnable {

    /** The command, which Picocli sets. */
    @Spec
    protected CommandSpec spec;

    /** Creates the command. */
    protected CommandGroup() {
    }

    @Override
    public void run() {
        spec.commandLine().usage(out());
    }

    /** {@return the standard output of the command} */
    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }
}

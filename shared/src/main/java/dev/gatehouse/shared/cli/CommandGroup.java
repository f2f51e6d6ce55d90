package dev.gatehouse.shared.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Function;

/**
 * A command whose methods are subcommands. {@link #commandLine} adds those that are needed, so {@code addMethodSubcommands} is false. Without one
 * of them the command prints its usage.
 */
public abstract class CommandGroup implements Runnable {

    /** The command, which Picocli sets. */
    @Spec
    protected CommandSpec spec;

    /** Creates the command. */
    protected CommandGroup() {
    }

    /**
     * {@return the command line of a command; of a group with the subcommand of a name alone, or with all for a name that is none}
     *
     * @param command the command
     * @param subcommand the name
     */
    public static CommandLine commandLine(Object command, String subcommand) {
        CommandLine line = new CommandLine(command);
        if (command instanceof CommandGroup) {
            named(CommandLine.getCommandMethods(command.getClass(), null), subcommand, CommandGroup::name)
                .forEach(method -> line.addSubcommand(new CommandLine(method)));
        }
        return line;
    }

    private static String name(Method method) {
        String given = method.getAnnotation(Command.class).name();
        // What Picocli has for a command without a name.
        return given.equals("<main class>") ? method.getName() : given;
    }

    /** The one of this name alone; all for a name that is none. */
    static <T> List<T> named(List<T> all, String name, Function<T, String> naming) {
        List<T> named = all.stream().filter(each -> naming.apply(each).equals(name)).toList();
        return named.isEmpty() ? all : named;
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

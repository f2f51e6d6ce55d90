package dev.gatehouse.shared.cli;

import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.text.VisibleText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The command line's root. Its commands are those of this module and those that the others provide. */
@Command(name = "gatehouse", mixinStandardHelpOptions = true, versionProvider = Version.class,
    description = "An OAuth 2.1 authorization server for the Model Context Protocol, and a protected MCP server.",
    footer = {"", "In a checkout, the script also has:", "  test   Install what the tests need, and run all tests.",
        "  bench  Measure, in ratios to a bare Vert.x route."},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:it could not be done; the message says why", "2:the command line was wrong"})
public final class Gatehouse implements Runnable {

    @Spec
    private CommandSpec spec;

    private Gatehouse() {
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

    /**
     * Runs one command.
     *
     * @param arguments the command and its options
     * @return the exit code: 0 for success, 1 for a failure with a message on stderr, 2 for wrong usage
     */
    public static int run(String... arguments) {
        CommandLine commandLine = commandLine(arguments);
        return commandLine.setOut(VisibleWriter.over(commandLine.getOut())).setErr(VisibleWriter.over(commandLine.getErr())).execute(arguments);
    }

    /**
     * {@return the command line for some arguments, which writes to the standard streams until it is given others} Picocli takes a while for each
     * command, so the line has only the command and the subcommand that the arguments name. For arguments that name none it has all.
     *
     * @param arguments the command and its options
     */
    public static CommandLine commandLine(String... arguments) {
        CommandLine commandLine = new CommandLine(new Gatehouse());
        for (Object command : commands(arguments.length == 0 ? "" : arguments[0])) {
            CommandLine subcommand = CommandGroup.commandLine(command, arguments.length < 2 ? "" : arguments[1]);
            subcommand.getCommandSpec().versionProvider(new Version());
            commandLine.addSubcommand(subcommand);
        }
        // Colours are control sequences, as are those that a client may have put into its name.
        return commandLine.setColorScheme(Help.defaultColorScheme(Ansi.OFF)).setExecutionExceptionHandler(Gatehouse::explain);
    }

    /** The command of this name alone; all for a name that is none. */
    private static List<Object> commands(String name) {
        List<Object> all = new ArrayList<>(List.of(new UpCommand()));
        ServiceLoader.load(CommandProvider.class).forEach(provider -> all.addAll(provider.commands()));
        all.add(new RunCommand());
        all.add(new LogLevelCommand());
        all.add(new StoreCommand());
        return CommandGroup.named(all, name, command -> command.getClass().getAnnotation(Command.class).name());
    }

    private static int explain(Exception failure, CommandLine commandLine, ParseResult parsed) throws Exception {
        if (failure instanceof StartupException) {
            commandLine.getErr().println(commandLine.getColorScheme().errorText("gatehouse: " + failure.getMessage()));
            return CommandLine.ExitCode.SOFTWARE;
        }
        throw failure;
    }

    /** {@return the failure of a command line that Picocli accepts} */
    static RuntimeException misuse(CommandSpec spec, String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Removes control sequences from the output of every command, because the text of a client may hold some. */
    static final class VisibleWriter extends FilterWriter {

        private VisibleWriter(Writer out) {
            super(out);
        }

        static PrintWriter over(PrintWriter out) {
            return new PrintWriter(new VisibleWriter(out), true);
        }

        @Override
        public void write(int character) throws IOException {
            write(String.valueOf((char) character), 0, 1);
        }

        @Override
        public void write(char[] characters, int offset, int length) throws IOException {
            write(new String(characters, offset, length), 0, length);
        }

        @Override
        public void write(String text, int offset, int length) throws IOException {
            out.write(VisibleText.lines(text.substring(offset, offset + length)));
        }
    }
}

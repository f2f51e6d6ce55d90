package dev.gatehouse.shared.cli;

import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.config.StartupException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;

/** Sets the level of a logger in running servers. */
@Command(name = "log-level", mixinStandardHelpOptions = true,
    description = {"Set the level of a logger in the running servers of this data home, within a second.", "Without parameters, list what is set."},
    footer = {"", "Example: ./gatehouse log-level dev.gatehouse.authz DEBUG"})
final class LogLevelCommand implements Runnable {

    @Parameters(index = "0", arity = "0..1", paramLabel = "LOGGER", description = "Name of a logger, such as dev.gatehouse.authz.")
    private String logger;

    @Parameters(index = "1", arity = "0..1", paramLabel = "LEVEL", description = "ERROR, WARN, INFO, DEBUG or TRACE; default removes the level.")
    private String level;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        LogLevels levels = new LogLevels(DataHome.of(System.getenv()));
        try {
            if (logger != null) {
                set(levels);
            }
            PrintWriter out = spec.commandLine().getOut();
            levels.read().forEach((name, value) -> out.println(name + " " + value));
        } catch (IOException e) {
            throw new StartupException("The log levels cannot be written: " + e.getMessage(), e);
        }
    }

    private void set(LogLevels levels) throws IOException {
        if (level == null) {
            throw new ParameterException(spec.commandLine(), "Which level? Choose ERROR, WARN, INFO, DEBUG or TRACE, or default.");
        }
        String wanted = level.equalsIgnoreCase("default") ? null : level.toUpperCase(Locale.ROOT);
        String problem = wanted == null ? null : LogLevels.problem(logger, wanted);
        if (problem != null) {
            throw new ParameterException(spec.commandLine(), problem);
        }
        levels.set(logger, wanted);
    }
}

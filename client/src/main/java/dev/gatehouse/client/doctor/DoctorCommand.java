package dev.gatehouse.client.doctor;


import io.vertx.core.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;

/** Says why a login fails at an MCP server. */
@Command(name = "doctor", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Examine the login of an MCP server as known clients go through it, and say what to change.",
    footer = {"", "It registers clients at the server, and deletes them where the server has that."},
    exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:no check failed", "1:a check failed", "2:the command line was wrong"})
public final class DoctorCommand implements Callable<Integer> {

    @Parameters(paramLabel = "URL", description = "The MCP endpoint, as users type it.")
    private String target;

    @Mixin
    private ExaminationOptions options;

    @Option(names = "--json", description = "Print the findings as JSON.")
    private boolean json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the findings as a page, to send to the people who run the server.")
    private Path html;

    @Option(names = "--record", paramLabel = "FILE", description = "Write each request and answer, without secrets, for gatehouse replay.")
    private Path record;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return options.examine(Clock.systemUTC(), target, spec, this::report);
    }

    private int report(Evidence evidence) {
        List<Finding> findings = options.findings(evidence);
        Report report = new Report(evidence, findings);
        spec.commandLine().getOut().println(json ? report.json().encodePrettily() : report.text());
        if (html != null) {
            write(html, report.html());
        }
        if (record != null) {
            report.record(Instant.now()).write(record);
        }
        return findings.stream().anyMatch(Finding::failed) ? 1 : 0;
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits on the thread of a command. */
    static int await(Future<Integer> work) {
        return work.await();
    }
}

package dev.gatehouse.client.doctor;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Repeats a recorded attempt and compares the outcome of each check. */
@Command(name = "replay", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Repeat a recorded login attempt at a server, and compare the outcome of each check: a regression test.",
    exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:no check failed", "1:a check failed that did not fail in the record", "2:the command line was wrong",
        "3:only checks failed that failed in the record"})
public final class ReplayCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "A file of gatehouse doctor --record.")
    private Path file;

    @Option(names = "--against", paramLabel = "URL", required = true, description = "The MCP endpoint to repeat the attempt at.")
    private String target;

    @Mixin
    private ExaminationOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Map<String, Outcome.Kind> recorded = recorded();
        return options.examine(target, spec, evidence -> compare(recorded, new Report(evidence, options.findings(evidence))));
    }

    private Map<String, Outcome.Kind> recorded() {
        try {
            return FlightRecord.outcomes(file);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private int compare(Map<String, Outcome.Kind> recorded, Report report) {
        PrintWriter out = spec.commandLine().getOut();
        List<Finding> findings = report.findings();
        findings.stream().filter(finding -> recorded.get(finding.check().id()) == Outcome.Kind.FAILED && finding.outcome().kind() == Outcome.Kind.PASSED)
            .forEach(finding -> out.println("fixed: " + finding.check().id()));
        List<Finding> failed = findings.stream().filter(Finding::failed).toList();
        failed.forEach(finding -> out.println((isKnown(recorded, finding) ? "still fails: " : "fails now: ") + finding.check().id() + ": " + report.seen(finding)));
        out.println(failed.isEmpty() ? "No check failed." : failed.size() + " failed.");
        return failed.isEmpty() ? 0 : failed.stream().allMatch(finding -> isKnown(recorded, finding)) ? 3 : 1;
    }

    private static boolean isKnown(Map<String, Outcome.Kind> recorded, Finding finding) {
        return recorded.get(finding.check().id()) == Outcome.Kind.FAILED;
    }
}

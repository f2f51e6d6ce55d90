package dev.gatehouse.client.doctor;

import dev.gatehouse.client.doctor.Replay.Resent;
import dev.gatehouse.shared.flight.FlightRecord;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Repeats a recorded attempt and compares each answer, and the outcome of each check. */
@Command(name = "replay", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Send the requests of a recorded login attempt again, and compare the answers: a regression test.",
        "With --login the doctor examines the server instead, and the outcomes of its checks are compared."},
    exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:no check failed and, in a record without checks, no answer differs",
        "1:a check failed that did not fail in the record, or an answer differs", "2:the command line was wrong", "3:only checks failed that failed in the record"})
public final class ReplayCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "A file of gatehouse doctor --record, or of gatehouse up --record.")
    private Path file;

    @Option(names = "--against", paramLabel = "URL", required = true, description = "The MCP endpoint to repeat the attempt at.")
    private String target;

    @Mixin
    private ExaminationOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        FlightRecord record = record();
        Map<String, Outcome.Kind> recorded = outcomes(record);
        return options.logsIn() ? options.examine(Clock.systemUTC(), target, spec, evidence -> compare(recorded, new Report(evidence, options.findings(evidence))))
            : options.replay(Clock.systemUTC(), record, target, spec, (resent, evidence) -> compare(record, recorded, resent, evidence));
    }

    private FlightRecord record() {
        try {
            return FlightRecord.read(file);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private Map<String, Outcome.Kind> outcomes(FlightRecord record) {
        try {
            return record.findings().stream().map(JsonObject.class::cast).collect(Collectors.toMap(finding -> finding.getString("id"),
                finding -> Outcome.Kind.valueOf(finding.getString("outcome").toUpperCase(Locale.ROOT))));
        } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
            throw new ParameterException(spec.commandLine(), file + " is not a flight record");
        }
    }

    private int compare(FlightRecord record, Map<String, Outcome.Kind> recorded, List<Resent> resent, Evidence evidence) {
        PrintWriter out = spec.commandLine().getOut();
        record.client().ifPresent(client -> out.println("Client: " + client.name() + " (" + client.mark() + ")"));
        Report report = new Report(evidence, options.findings(evidence));
        long differing = resent.stream().filter(Resent::wasSent).map(each -> difference(each, report)).flatMap(Optional::stream).peek(out::println).count();
        resent.stream().filter(each -> !each.wasSent()).forEach(each -> out.println("not sent again: " + request(each) + ": " + each.reason()));
        out.println(resent.stream().filter(Resent::wasSent).count() - differing + " answers are the same, " + differing + " differ.");
        return record.findings().isEmpty() ? differing == 0 ? 0 : 1 : compare(recorded, report);
    }

    private static Optional<String> difference(Resent resent, Report report) {
        return AnswerComparison.difference(resent.recorded(), resent.fresh()).map(difference -> report.visible("differs: " + request(resent) + ": " + difference));
    }

    private static String request(Resent resent) {
        return resent.recorded().step() + ", " + resent.recorded().method() + " " + resent.recorded().url().split("[?#]", 2)[0];
    }

    private int compare(Map<String, Outcome.Kind> recorded, Report report) {
        PrintWriter out = spec.commandLine().getOut();
        List<Finding> findings = report.findings().stream().filter(finding -> recorded.containsKey(finding.check().id())).toList();
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

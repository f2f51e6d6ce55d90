package dev.gatehouse.client.doctor;

import dev.gatehouse.shared.flight.Exchange;
import dev.gatehouse.shared.flight.FlightRecord;
import dev.gatehouse.shared.flight.KnownClient;
import dev.gatehouse.shared.flight.Redaction;
import dev.gatehouse.shared.text.VisibleText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Findings as text, as JSON, and as a page to send to the people who run the server. Holds no secret. */
final class Report {

    private static final String PAGE = """
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>%1$s</title>
        <style>:root{color-scheme:light dark;--line:#b3261e;--code:#eee;--pale:#555}@media(prefers-color-scheme:dark){:root{--line:#f2857d;--code:#333;--pale:#aaa}}
        body{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em}h1{font-size:1.5em;line-height:1.25;overflow-wrap:anywhere}h1 span{display:block;font-size:.75em;font-weight:400}
        section{border-left:4px solid var(--line);padding:0 1em;margin:1.5em 0}h2{font-size:1.1em;margin:0;overflow-wrap:anywhere}dl{margin:.5em 0}h2 code,li code{display:inline-block;text-indent:0}section~h2{margin-top:2em}
        dt{font-weight:600}dd{margin:0 0 .5em;overflow-wrap:anywhere}code{background:var(--code);padding:.1em .3em;border-radius:.2em;font-size:.9em;overflow-wrap:anywhere}
        ul{padding:0}li{list-style:none;padding:.1em 0 .1em 1.6em;text-indent:-1.6em}li b{display:inline-block;width:1.6em;text-indent:0}.failed b{color:var(--line)}.skipped,small{color:var(--pale)}</style>
        <h1>Login to <span>%5$s</span></h1><p>%2$s</p>%3$s<h2>All checks</h2><ul>%4$s</ul></html>
        """;

    private final Evidence evidence;
    private final List<Finding> findings;
    private final Redaction redaction;

    Report(Evidence evidence, List<Finding> findings) {
        this.evidence = evidence;
        this.findings = findings;
        this.redaction = Redaction.of(evidence.server().toString(), evidence.exchanges());
    }

    String text() {
        return findings.stream().map(finding -> finding.outcome().kind().sign() + " " + finding.check().title() + " (" + finding.check().id() + ")"
            + (finding.failed() ? details(finding) : finding.outcome().seen().isEmpty() ? "" : ": " + seen(finding))).collect(Collectors.joining("\n")) + "\n\n" + summary();
    }

    private String details(Finding finding) {
        return "\n    Seen:    " + seen(finding) + "\n    Says:    " + finding.check().clause() + "\n    Breaks:  " + breaks(finding)
            + "\n    Change:  " + finding.check().advice();
    }

    List<Finding> findings() {
        return findings;
    }

    String seen(Finding finding) {
        return visible(finding.outcome().seen());
    }

    /** A text from the wire for a terminal: without secrets and control characters, and not too long. */
    String visible(String text) {
        String seen = VisibleText.of(redaction.text(text));
        return seen.length() > 500 ? seen.substring(0, 500) + "…" : seen;
    }

    private static String breaks(Finding finding) {
        return finding.check().breaks().isEmpty() ? "no known client" : ClientProfile.ALL.stream().filter(client -> finding.check().breaks().contains(client.id()))
            .map(ClientProfile::name).collect(Collectors.joining(", "));
    }

    private String summary() {
        return count(Outcome.Kind.PASSED) + " passed, " + count(Outcome.Kind.FAILED) + " failed, " + count(Outcome.Kind.SKIPPED) + " not applicable.";
    }

    private long count(Outcome.Kind kind) {
        return findings.stream().filter(finding -> finding.outcome().kind() == kind).count();
    }

    JsonObject json() {
        return new JsonObject().put("server", redaction.text(evidence.server().toString())).put("passed", count(Outcome.Kind.PASSED)).put("failed", count(Outcome.Kind.FAILED))
            .put("findings", new JsonArray(findings.stream().map(finding -> finding.toJson(redaction)).toList()));
    }

    /** The examination as a file for {@code gatehouse replay}. */
    FlightRecord record(Instant now) {
        List<Exchange> clean = evidence.exchanges().stream().map(redaction::redact).toList();
        return new FlightRecord(now, redaction.text(evidence.server().toString()), KnownClient.of(clean), findings.stream().filter(Finding::failed)
            .map(finding -> finding.check().id()).findFirst(), clean, new JsonArray(), new JsonArray(findings.stream().map(finding -> finding.toJson(redaction)).toList()));
    }

    String html() {
        String failed = findings.stream().filter(Finding::failed).map(finding -> "<section><h2>" + escape(finding.check().title()) + " <code>" + finding.check().id()
            + "</code></h2><dl><dt>Seen</dt><dd>" + escape(seen(finding)) + "</dd><dt>Specification</dt><dd>" + escape(finding.check().clause())
            + "</dd><dt>Clients that break</dt><dd>" + escape(breaks(finding)) + "</dd><dt>Change</dt><dd>" + escape(finding.check().advice())
            + "</dd></dl></section>").collect(Collectors.joining("\n"));
        String all = findings.stream().map(this::line).collect(Collectors.joining("\n"));
        return PAGE.formatted(escape("Login to " + redaction.text(evidence.server().toString())), escape(summary()), failed, all, escape(redaction.text(evidence.server().toString())));
    }

    private String line(Finding finding) {
        Outcome.Kind kind = finding.outcome().kind();
        return "<li class=\"" + kind.name().toLowerCase(Locale.ROOT) + "\"><b>" + kind.sign() + "</b>" + escape(finding.check().title()) + " <code>" + finding.check().id()
            + "</code>" + (kind == Outcome.Kind.SKIPPED && !finding.outcome().seen().isEmpty() ? " <small>" + escape(seen(finding)) + "</small>" : "") + "</li>";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}

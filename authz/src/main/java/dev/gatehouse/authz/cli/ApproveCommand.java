package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.client.document.DocumentDecision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.time.Clock;

/** Approves a metadata document. */
@Command(name = "approve", mixinStandardHelpOptions = true, description = "Take a metadata document, whether or not its host is among the allowed.")
final class ApproveCommand implements Runnable {

    @Parameters(paramLabel = "URL", description = "The client identifier, which is the URL of its document.")
    private String url;

    @Option(names = "--undo", description = "Take an earlier decision back.")
    private boolean undo;

    @Mixin
    private StoreOptions store;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        DocumentDecision decision = undo ? DocumentDecision.NONE : DocumentDecision.APPROVED;
        DocumentsCommand.requireUrl(url);
        store.use(stores -> stores.documents().decide(url, decision, Clock.systemUTC().millis()));
        store.audit("document_decided", "client_id", url, "decision", decision.wireName());
        spec.commandLine().getOut().println(url + (undo ? " is approved no more; the rules for its host hold." : " is approved."));
    }
}

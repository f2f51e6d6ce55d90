package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.client.document.DocumentDecision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.time.Clock;

/** Blocks a metadata document. */
@Command(name = "block", mixinStandardHelpOptions = true, description = "Refuse a metadata document, and end all that was granted to its client.")
final class BlockCommand implements Runnable {

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
        DocumentDecision decision = undo ? DocumentDecision.NONE : DocumentDecision.BLOCKED;
        DocumentsCommand.requireUrl(url);
        store.use(stores -> stores.documents().decide(url, decision, Clock.systemUTC().millis()));
        store.audit("document_decided", "client_id", url, "decision", decision.wireName());
        spec.commandLine().getOut().println(url + (undo ? " is blocked no more; the rules for its host hold." : " is blocked; its tokens have ended."));
    }
}

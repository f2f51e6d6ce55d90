package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.AuthzStore.Stores;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.document.DocumentChanges;
import dev.gatehouse.authz.client.document.DocumentReader;
import dev.gatehouse.authz.client.document.DocumentStore.DocumentDecision;
import dev.gatehouse.authz.client.document.DocumentStore.StoredDocument;
import dev.gatehouse.shared.cli.Listing;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.fetch.SafeFetcher;
import io.vertx.core.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Shows the clients with metadata documents, and the changes of one since the last consent. */
@Command(name = "documents", mixinStandardHelpOptions = true,
    description = "List the client metadata documents that are in use, approved or blocked. For one document, fetch it and show the changes since the last consent.")
final class DocumentsCommand implements Runnable {

    @Parameters(arity = "0..1", paramLabel = "URL", description = "Client identifier: the URL of the document.")
    private String url;

    @Mixin
    private Listing.Format format;

    @Mixin
    private StoreOptions store;

    @Spec
    private CommandSpec spec;

    /** One document as it is kept, and as it is now or why it cannot be had. */
    private record Now(StoredDocument stored, Client current, List<String> omissions, String problem) {
    }

    /** @throws StartupException when it is plainly not such an identifier */
    static void requireUrl(String url) {
        if (!url.matches("https?://[^/]+/.+")) {
            throw new StartupException(url + " is not the URL of a metadata document. Nothing was changed.");
        }
    }

    @Override
    public void run() {
        if (url == null) {
            list(store.use(stores -> stores.documents().list()));
        } else {
            requireUrl(url);
            show(store.use(this::look));
        }
        out().flush();
    }

    private void list(List<StoredDocument> documents) {
        Listing listing = new Listing("decision", "consented", "name", "document");
        documents.forEach(each -> listing.add(each.decision().wireName(),
            each.client() == null ? "never" : Instant.ofEpochSecond(each.consentedAt() / 1000), each.client() == null ? null : each.client().name(), each.url()));
        listing.print(out(), format);
    }

    private Future<Now> look(Stores stores) {
        return stores.documents().find(url).compose(stored -> SafeFetcher.create(stores.vertx(), stores.options().fetching().in(stores.home()))
            .compose(fetcher -> new DocumentReader(fetcher, stores.options().documentRules(), stores.options().registration().documents(), Clock.systemUTC()).read(url)
                .map(current -> new Now(stored, current.client(), current.omissions(), null))
                .otherwise(failure -> new Now(stored, null, List.of(), failure.getMessage()))
                .eventually(fetcher::close)));
    }

    private void show(Now now) {
        line("document", url);
        line("decision", now.stored().decision().wireName());
        Client consented = now.stored().client();
        line("consented", consented == null ? "never" : Instant.ofEpochMilli(now.stored().consentedAt()).toString());
        if (now.current() == null) {
            line("now", "cannot be used: " + now.problem());
        }
        Client shown = now.current() == null ? consented : now.current();
        if (shown != null) {
            line("name", shown.name());
            shown.redirectUris().forEach(uri -> line("redirect URI", uri));
            shown.metadata().members().forEach(member -> line(member.getKey(), String.valueOf(member.getValue())));
        }
        now.omissions().forEach(omission -> line("left out", omission));
        if (consented != null && now.current() != null) {
            List<String> changes = DocumentChanges.between(consented, now.current());
            changes.forEach(change -> line("changed", change));
            line("changes", changes.isEmpty() ? "none since the last consent" : changes.size() + " since the last consent");
        }
    }

    private void line(String name, String value) {
        Listing.field(out(), name, value);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Decides on a metadata document. */
    private abstract static class DecisionCommand implements Runnable {

        @Parameters(paramLabel = "URL", description = "Client identifier: the URL of the document.")
        private String url;

        @Option(names = "--undo", description = "Undo the earlier decision.")
        private boolean undo;

        @Mixin
        private StoreOptions store;

        @Spec
        private CommandSpec spec;

        void decide(DocumentDecision wanted, String done, String undone) {
            DocumentDecision decision = undo ? DocumentDecision.NONE : wanted;
            DocumentsCommand.requireUrl(url);
            store.use(stores -> stores.documents().decide(url, decision, Clock.systemUTC().millis()));
            store.audit("document_decided", "client_id", url, "decision", decision.wireName());
            spec.commandLine().getOut().println(url + (undo ? undone : done));
        }
    }

    /** Approves a metadata document. */
    @Command(name = "approve", mixinStandardHelpOptions = true, description = "Accept a metadata document, even if its host is not allowed.")
    static final class ApproveCommand extends DecisionCommand {

        @Override
        public void run() {
            decide(DocumentDecision.APPROVED, " is approved.", " is approved no more; the rules for its host hold.");
        }
    }

    /** Blocks a metadata document. */
    @Command(name = "block", mixinStandardHelpOptions = true, description = "Reject a metadata document, and revoke all grants of its client.")
    static final class BlockCommand extends DecisionCommand {

        @Override
        public void run() {
            decide(DocumentDecision.BLOCKED, " is blocked; its tokens have ended.", " is blocked no more; the rules for its host hold.");
        }
    }
}

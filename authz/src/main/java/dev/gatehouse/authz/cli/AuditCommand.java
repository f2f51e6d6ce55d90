package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.AuthzStore.Stores;
import dev.gatehouse.authz.audit.AuditChain.ChainedEvent;
import dev.gatehouse.authz.audit.AuditChain.Head;
import dev.gatehouse.authz.audit.AuditEvent;
import dev.gatehouse.authz.audit.AuditFilter;
import dev.gatehouse.authz.audit.AuditStore;
import dev.gatehouse.authz.audit.AuditVerification;
import dev.gatehouse.shared.cli.CommandGroup;
import dev.gatehouse.shared.cli.Listing;
import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Consumer;

/** Reads and verifies the audit trail, while servers may run. */
@Command(name = "audit", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", addMethodSubcommands = false,
    description = {"Show, search, export and verify the audit trail of the authorization server.",
        "Each event has the keyed hash of its predecessor, so a change of the database shows."})
final class AuditCommand extends CommandGroup {

    private static final int EVENTS_PER_READ = 1_000;
    private static final long FOLLOW_MILLIS = 500;

    private final Clock clock = Clock.systemUTC();

    /** The options that select events. */
    static final class Selection {

        @Option(names = "--event", paramLabel = "NAME", description = "Name of the event, such as login_failed.")
        private String event;

        @Option(names = "--actor", paramLabel = "ACTOR", description = "Subject identifier of a user, name of a failed login, or operator of a command.")
        private String actor;

        @Option(names = "--client", paramLabel = "CLIENT_ID", description = "Client identifier.")
        private String client;

        @Option(names = "--resource", paramLabel = "URL", description = "Resource identifier.")
        private String resource;

        @Option(names = "--source", paramLabel = "ADDRESS", description = "Address of the client, or 'command line'.")
        private String source;

        @Option(names = "--request", paramLabel = "ID", description = "X-Request-Id of a response.")
        private String request;

        @Option(names = "--trace", paramLabel = "ID", description = "Trace identifier.")
        private String trace;

        @Option(names = "--since", paramLabel = "TIME", description = "2026-01-31 or 2026-01-31T12:00:00Z; inclusive.")
        private String since;

        @Option(names = "--until", paramLabel = "TIME", description = "As --since; exclusive.")
        private String until;

        AuditFilter filter() {
            return new AuditFilter(event, actor, client, resource, source, request, trace, millis("--since", since), millis("--until", until), null);
        }

        private static Long millis(String option, String text) {
            try {
                return text == null ? null : text.contains("T") ? Instant.parse(text).toEpochMilli()
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
            } catch (DateTimeParseException e) {
                throw new StartupException(option + " must be a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z.");
            }
        }
    }

    @Command(mixinStandardHelpOptions = true, description = "Show the newest events, the newest last.")
    void tail(@Option(names = {"-n", "--lines"}, defaultValue = "20", paramLabel = "N", description = "Number of events (default: 20).") int lines,
              @Option(names = {"-f", "--follow"}, description = "Then show each new event as one line of JSON, until you press Ctrl+C.") boolean follow,
              @Mixin Listing.Format format, @Mixin StoreOptions store) {
        List<ChainedEvent> events = store.use(stores -> stores.audit(clock).compose(audit -> audit.newest(AuditFilter.ALL, 0, Math.max(1, lines))));
        print(AuditStore.reversed(events), format);
        if (follow) {
            long last = events.isEmpty() ? 0 : events.get(0).seq();
            store.use(stores -> stores.audit(clock).compose(audit -> follow(stores, audit, last)));
        }
    }

    /** Ends with a failure alone. */
    private Future<Void> follow(Stores stores, AuditStore audit, long last) {
        return audit.after(last, EVENTS_PER_READ).compose(events -> {
            events.forEach(event -> out().println(event.json().encode()));
            out().flush();
            long next = events.isEmpty() ? last : events.get(events.size() - 1).seq();
            Promise<Void> ended = Promise.promise();
            stores.vertx().setTimer(FOLLOW_MILLIS, due -> follow(stores, audit, next).onComplete(ended));
            return ended.future();
        });
    }

    @Command(mixinStandardHelpOptions = true, description = "Show the newest events that match all options, the newest last.")
    void search(@Mixin Selection selection,
                @Option(names = "--limit", defaultValue = "100", paramLabel = "N", description = "Most events (default: 100).") int limit,
                @Mixin Listing.Format format, @Mixin StoreOptions store) {
        AuditFilter filter = selection.filter();
        print(AuditStore.reversed(store.use(stores -> stores.audit(clock).compose(audit -> audit.newest(filter, 0, Math.max(1, limit))))), format);
    }

    @Command(mixinStandardHelpOptions = true, description = "Write the events that match all options as JSON lines, the oldest first, with their hashes.")
    void export(@Mixin Selection selection, @Option(names = "--to", paramLabel = "FILE", description = "A file that does not exist (default: standard output).") Path file,
                @Mixin StoreOptions store) {
        AuditFilter filter = selection.filter();
        if (file == null) {
            store.use(stores -> stores.audit(clock).compose(audit -> each(audit, filter, 0, event -> out().println(event.json().encode()))));
            out().flush();
            return;
        }
        try (BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long count = store.use(stores -> stores.audit(clock).compose(audit -> each(audit, filter, 0, event -> line(writer, event))));
            out().println(count + " events written to " + file + ".");
        } catch (FileAlreadyExistsException e) {
            throw new StartupException("The file " + file + " exists. An export replaces no file.", e);
        } catch (IOException e) {
            throw new StartupException("The file " + file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void line(BufferedWriter writer, ChainedEvent event) {
        try {
            writer.write(event.json().encode());
            writer.newLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the number of events. */
    private static Future<Long> each(AuditStore audit, AuditFilter filter, long after, Consumer<ChainedEvent> consumer) {
        return audit.matching(filter, after, EVENTS_PER_READ).compose(events -> {
            events.forEach(consumer);
            return events.size() < EVENTS_PER_READ ? Future.succeededFuture((long) events.size())
                : each(audit, filter, events.get(events.size() - 1).seq(), consumer).map(more -> events.size() + more);
        });
    }

    @Command(mixinStandardHelpOptions = true, exitCodeListHeading = "Exit codes:%n", exitCodeList = {"0:The trail is as it was recorded.",
        "1:Events were changed, removed, inserted or reordered."}, description = {"Verify that no event was changed, removed, inserted or reordered.",
            "Keep the last line of the output in another place: --expect also finds a trail that was replaced by an older one."})
    int verify(@Option(names = "--expect", paramLabel = "NUMBER:HASH", description = "Newest event of an earlier verification.") String expected, @Mixin StoreOptions store) {
        Head expectation = expectation(expected);
        AuditVerification.Result result = store.use(stores -> stores.audit(clock).compose(audit -> new AuditVerification(audit).verify(expectation)));
        result.faults().forEach(out()::println);
        out().println(result.events() == 0 ? "The audit trail has no events." : result.faults().isEmpty()
            ? "The audit trail is intact: " + result.events() + " events, " + result.first() + " to " + result.last() + "."
            : "The audit trail was tampered with: " + result.faults().size() + " findings in " + result.events() + " events.");
        if (result.events() > 0) {
            out().println(result.last() + ":" + result.hash());
        }
        out().flush();
        return result.faults().isEmpty() ? 0 : 1;
    }

    private static Head expectation(String text) {
        if (text == null) {
            return null;
        }
        if (!text.matches("[1-9]\\d{0,17}:[A-Za-z0-9_-]{43}")) {
            throw new StartupException("--expect must be the last line of an earlier verification: NUMBER:HASH.");
        }
        int colon = text.indexOf(':');
        return new Head(Long.parseLong(text.substring(0, colon)), text.substring(colon + 1));
    }

    private void print(List<ChainedEvent> events, Listing.Format format) {
        Listing listing = new Listing("number", "time", "event", "actor", "client_id", "resource", "source", "reason", "details");
        events.forEach(chained -> {
            AuditEvent event = chained.event();
            listing.add(chained.seq(), Instant.ofEpochMilli(event.at()), event.event(), event.actor(), event.clientId(), event.resource(), event.source(),
                event.reason(), event.details());
        });
        listing.print(out(), format);
    }
}

package dev.gatehouse.authz.audit;

import dev.gatehouse.authz.audit.AuditExport.Destination;
import dev.gatehouse.authz.audit.AuditOptions.FileOptions;
import dev.gatehouse.shared.audit.AuditLog;
import dev.gatehouse.shared.audit.OncePerMinute;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The audit trail of a running server: it stores the events of this process and of commands, deletes old ones, and exports all. */
public final class AuditTrail {

    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final long COMMANDS_MILLIS = 1_000;
    private static final long RETENTION_MILLIS = 60_000;
    private static final int EVENTS_PER_DELETION = 500;

    private final Vertx vertx;
    private final AuditStore store;
    private final AuditOptions options;
    private final String node;
    private final Clock clock;
    private final AuditWriter writer;
    private final Runnable removeSink;
    private final List<AuditExport> exports = new ArrayList<>();
    private final OncePerMinute failures = new OncePerMinute();
    private final long commands;
    private final long retention;

    private AuditTrail(Vertx vertx, AuditStore store, AuditOptions options, String node, Clock clock) {
        this.vertx = vertx;
        this.store = store;
        this.options = options;
        this.node = node;
        this.clock = clock;
        writer = new AuditWriter(vertx, store, options.store().omittedEvents(), node, clock);
        removeSink = AuditLog.addSink(vertx, writer::add);
        commands = vertx.setPeriodic(0, COMMANDS_MILLIS, due -> note("read the records of commands", store.appendCommands(node, clock.millis())));
        retention = vertx.setPeriodic(RETENTION_MILLIS, due -> note("delete old audit events", prune()));
    }

    /**
     * Starts the trail.
     *
     * @param port the port of the server, for the name of the node
     * @param file the file to export to; null for none
     * @param collector sends records to a collector; null for none
     */
    public static Future<AuditTrail> start(Vertx vertx, AuditStore store, AuditOptions options, int port, Path file,
                                           Function<List<JsonObject>, Future<Void>> collector, Clock clock) {
        return vertx.executeBlocking(() -> options.node() == null ? hostName() + ":" + port : options.node(), false).map(node -> {
            AuditTrail trail = new AuditTrail(vertx, store, options, node, clock);
            FileOptions rotation = options.file();
            if (file != null) {
                trail.export(new AuditFile(vertx, file, rotation));
            }
            if (collector != null) {
                trail.export(new OtlpCollector(store, collector, node, clock));
            }
            return trail;
        });
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "localhost";
        }
    }

    private void export(Destination destination) {
        exports.add(new AuditExport(vertx, store, destination).start());
    }

    /** Deletes the events that are older than the retention. */
    Future<Integer> prune() {
        long now = clock.millis();
        return store.prune(now - Duration.ofDays(options.store().retentionDays()).toMillis(), EVENTS_PER_DELETION, now, node)
            .compose(deleted -> deleted < EVENTS_PER_DELETION ? Future.succeededFuture(deleted) : prune());
    }

    /** Stores the events that have been recorded so far. Completes when they are stored. */
    public Future<Void> flush() {
        return writer.flush();
    }

    private void note(String work, Future<?> done) {
        done.onFailure(failure -> failures.write(held -> LOG.warn("Cannot {}: {}", work, failure.getMessage())));
    }

    /** Stores and exports the events that wait. Call it before the database is closed. */
    public Future<Void> stop() {
        vertx.cancelTimer(commands);
        vertx.cancelTimer(retention);
        return writer.drain().eventually(() -> {
            removeSink.run();
            return Future.join(exports.stream().map(AuditExport::stop).toList());
        });
    }
}

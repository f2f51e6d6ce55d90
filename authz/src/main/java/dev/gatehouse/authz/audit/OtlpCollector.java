package dev.gatehouse.authz.audit;

import dev.gatehouse.authz.audit.AuditChain.ChainedEvent;
import dev.gatehouse.authz.audit.AuditExport.Destination;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A collector that takes events as log records of OpenTelemetry. Of several nodes one delivers; another takes over when it ends. */
final class OtlpCollector implements Destination {

    private static final String NAME = "otlp";
    private static final long TURN_MILLIS = 30_000;

    private final AuditStore store;
    private final Function<List<JsonObject>, Future<Void>> sender;
    private final String node;
    private final Clock clock;

    /** @param sender completes when the collector has confirmed the records */
    OtlpCollector(AuditStore store, Function<List<JsonObject>, Future<Void>> sender, String node, Clock clock) {
        this.store = store;
        this.sender = sender;
        this.node = node;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "the collector";
    }

    @Override
    public Future<Optional<Long>> position() {
        long now = clock.millis();
        return store.takeTurn(NAME, node, now, now + TURN_MILLIS);
    }

    @Override
    public Future<Void> deliver(List<ChainedEvent> events) {
        return sender.apply(events.stream().map(ChainedEvent::json).toList())
            .compose(sent -> store.delivered(NAME, node, events.get(events.size() - 1).seq()));
    }
}

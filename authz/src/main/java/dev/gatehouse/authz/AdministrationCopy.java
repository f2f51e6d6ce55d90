package dev.gatehouse.authz;

import dev.gatehouse.authz.change.AdministrationStore;
import dev.gatehouse.shared.audit.AuditLog;
import io.vertx.core.Vertx;

import java.time.Clock;

/** Copies records of administrative commands into this server's audit log. */
final class AdministrationCopy {

    private static final long INTERVAL_MILLIS = 1_000;

    private final Vertx vertx;
    private final long timer;

    private AdministrationCopy(Vertx vertx, AdministrationStore administration, Clock clock) {
        this.vertx = vertx;
        // The database logs its own failures and keeps the records.
        this.timer = vertx.setPeriodic(0, INTERVAL_MILLIS, tick ->
            administration.take(clock.millis()).onSuccess(records -> records.forEach(AuditLog::write)));
    }

    static AdministrationCopy start(Vertx vertx, AdministrationStore administration, Clock clock) {
        return new AdministrationCopy(vertx, administration, clock);
    }

    void stop() {
        vertx.cancelTimer(timer);
    }
}

package dev.gatehouse.authz;

import dev.gatehouse.authz.change.SqlAdministration;
import dev.gatehouse.shared.audit.AuditLog;
import io.vertx.core.Vertx;

import java.time.Clock;

/** Copies into this server's audit log what commands on the command line did to its store. */
final class AdministrationCopy {

    private static final long INTERVAL_MILLIS = 1_000;

    private final Vertx vertx;
    private final long timer;

    private AdministrationCopy(Vertx vertx, SqlAdministration administration, Clock clock) {
        this.vertx = vertx;
        // A store that fails has told so already, and its records stay in it.
        this.timer = vertx.setPeriodic(0, INTERVAL_MILLIS, tick ->
            administration.take(clock.millis()).onSuccess(records -> records.forEach(AuditLog::write)));
    }

    static AdministrationCopy start(Vertx vertx, SqlAdministration administration, Clock clock) {
        return new AdministrationCopy(vertx, administration, clock);
    }

    void stop() {
        vertx.cancelTimer(timer);
    }
}

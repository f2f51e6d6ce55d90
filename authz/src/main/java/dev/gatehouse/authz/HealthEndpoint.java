package dev.gatehouse.authz;

import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.http.Endpoint.Routes;
import dev.gatehouse.shared.http.Draining;
import dev.gatehouse.shared.http.HealthRoutes;
import dev.gatehouse.shared.http.UnservedRequests;
import dev.gatehouse.shared.sql.Database;

import java.time.Clock;
import java.util.List;

/** {@code /health}, {@code /health/startup}, {@code /health/live} and {@code /health/ready}: the server is ready while its database accepts changes. */
final class HealthEndpoint implements Endpoint {

    private static final long KEPT_MILLIS = 1_000;

    private final Draining draining;
    private final HealthRoutes.Check store;

    public HealthEndpoint(Draining draining, Database database, Clock clock) {
        this.draining = draining;
        this.store = new HealthRoutes.Check("store", KEPT_MILLIS, () -> database.probe(clock.millis()));
    }

    @Override
    public void mount(Routes routes) {
        HealthRoutes.mount(routes.served(), draining, List.of(store));
        HealthRoutes.PATHS.forEach(path -> UnservedRequests.allowOnly(routes.served(), path, "GET, HEAD"));
    }
}

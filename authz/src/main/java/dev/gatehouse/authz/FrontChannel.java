package dev.gatehouse.authz;

import dev.gatehouse.authz.interaction.FrontChannelRoutes;
import dev.gatehouse.authz.interaction.FrontChannelStores;
import dev.gatehouse.authz.options.AuthzOptions;
import dev.gatehouse.authz.store.sql.SqlCodeGrantStore;
import dev.gatehouse.authz.store.sql.SqlConsentStore;
import dev.gatehouse.authz.store.sql.SqlInteractionStore;
import dev.gatehouse.authz.store.sql.SqlLoginFailureStore;
import dev.gatehouse.authz.store.sql.SqlSessionStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

import java.time.Clock;

/** Wires what browsers see of the authorization server: the authorization endpoint and the pages behind it. */
final class FrontChannel {

    private FrontChannel() {
    }

    /** Adds the routes to a router that is served under the issuer's path; completes when the pages are loaded. */
    static Future<Void> mount(Router router, Vertx vertx, AuthzOptions options, AuthzParts parts, Clock clock) {
        FrontChannelStores stores = new FrontChannelStores(parts.users, parts.clients, new SqlCodeGrantStore(parts.database),
            new SqlInteractionStore(parts.database), new SqlSessionStore(parts.database), new SqlConsentStore(parts.database),
            new SqlLoginFailureStore(parts.database));
        return FrontChannelRoutes.mount(router, vertx, options, stores, parts.passwords, parts.authorizeLimiter, clock);
    }
}

package dev.gatehouse.authz;

import dev.gatehouse.authz.interaction.FrontChannelRoutes;
import dev.gatehouse.authz.interaction.FrontChannelStores;
import dev.gatehouse.authz.options.AuthzOptions;
import dev.gatehouse.authz.password.PasswordHasher;
import dev.gatehouse.authz.store.ClientStore;
import dev.gatehouse.authz.store.CodeGrantStore;
import dev.gatehouse.authz.store.UserStore;
import dev.gatehouse.authz.store.sql.SqlConsentStore;
import dev.gatehouse.authz.store.sql.SqlInteractionStore;
import dev.gatehouse.authz.store.sql.SqlLoginFailureStore;
import dev.gatehouse.authz.store.sql.SqlSessionStore;
import dev.gatehouse.shared.sql.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

import java.time.Clock;

/** Wires what browsers see of the authorization server: the authorization endpoint and the pages behind it. */
public final class FrontChannel {

    private FrontChannel() {
    }

    /** Adds the routes to a router; completes when the pages are loaded. */
    public static Future<Void> mount(Router router, Vertx vertx, AuthzOptions options, Database database, UserStore users,
                                     ClientStore clients, CodeGrantStore grants, PasswordHasher hasher, Clock clock) {
        FrontChannelStores stores = new FrontChannelStores(users, clients, grants, new SqlInteractionStore(database),
            new SqlSessionStore(database), new SqlConsentStore(database), new SqlLoginFailureStore(database));
        return FrontChannelRoutes.mount(router, vertx, options, stores, hasher, clock);
    }
}

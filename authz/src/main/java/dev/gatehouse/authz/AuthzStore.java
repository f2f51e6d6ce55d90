package dev.gatehouse.authz;

import dev.gatehouse.authz.change.RestoreStore;
import dev.gatehouse.authz.change.SqlAdministration;
import dev.gatehouse.shared.audit.AuditLog;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.sql.ServerStore;
import dev.gatehouse.shared.sql.Statements;
import dev.gatehouse.shared.sql.StoreLocation;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.time.Instant;
import java.util.Map;

/** The store of the authorization server, for the commands that maintain it. */
public final class AuthzStore implements ServerStore {

    @Override
    public String name() {
        return "authz";
    }

    @Override
    public String configurationSchema() {
        return AuthzOptions.SCHEMA;
    }

    @Override
    public String fileKey() {
        return "database.file";
    }

    @Override
    public StoreLocation location(JsonObject checked, DataHome home) {
        AuthzOptions options = AuthzOptions.of(checked);
        return new StoreLocation(options.store(), home, home.file(options.database().file()), "db/authz");
    }

    @Override
    public Future<Map<String, Long>> end(Statements statements, long now) {
        return RestoreStore.end(statements, now).compose(ended -> {
            JsonObject record = AuditLog.describe("store_restored", "ended", new JsonObject(Map.copyOf(ended))).put("source", "command line")
                .put("operator", System.getProperty("user.name")).put("at", Instant.ofEpochMilli(now).toString());
            return SqlAdministration.add(statements, record, now).map(ended);
        });
    }
}

package dev.gatehouse.resource;

import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.sql.ServerStore;
import dev.gatehouse.shared.sql.Statements;
import dev.gatehouse.shared.sql.StoreLocation;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.Map;

/** The store of the MCP server, for the commands that maintain it. */
public final class NotesStore implements ServerStore {

    @Override
    public String name() {
        return "notes";
    }

    @Override
    public String configurationSchema() {
        return ResourceServerOptions.SCHEMA;
    }

    @Override
    public String fileKey() {
        return "notes.file";
    }

    @Override
    public StoreLocation location(JsonObject checked, DataHome home) {
        ResourceServerOptions options = ResourceServerOptions.of(checked);
        return new StoreLocation(options.store(), home, home.file(options.notes().file()), "db/notes");
    }

    /** Nothing in this store gives access. */
    @Override
    public Future<Map<String, Long>> end(Statements statements, long now) {
        return Future.succeededFuture(Map.of());
    }
}

package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.config.DataHome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.Map;

/** The store of one server, for the commands that maintain it. {@link java.util.ServiceLoader} finds it, because modules do not depend on each other. */
public interface ServerStore {

    /** {@return the name on the command line} */
    String name();

    /** {@return the class path name of the schema of the server's configuration} */
    String configurationSchema();

    /** {@return the key of the configuration that names the SQLite file, with its section: {@code section.key}} */
    String fileKey();

    /**
     * {@return the store of a configuration}
     *
     * @param checked a configuration that has passed the schema
     * @param home resolves its paths
     */
    StoreLocation location(JsonObject checked, DataHome home);

    /**
     * Ends, in the transaction that restores a backup, what may have been revoked or spent after the backup.
     *
     * @param statements the transaction
     * @param now the current time in epoch milliseconds
     * @return the number of ended objects of each kind
     */
    Future<Map<String, Long>> end(Statements statements, long now);
}

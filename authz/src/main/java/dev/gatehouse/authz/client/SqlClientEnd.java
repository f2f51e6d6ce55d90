package dev.gatehouse.authz.client;

import dev.gatehouse.authz.change.SqlInvalidations;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

/** The end of a client, with all that was granted to it. Everything but approved devices hangs on its row. */
public final class SqlClientEnd {

    private static final String END_DEVICES = """
        UPDATE device_authorization SET state = 'denied' WHERE client_id = $1 AND state IN ('pending', 'approved')
        """;
    private static final String DELETE = "DELETE FROM client WHERE client_id = $1";

    private SqlClientEnd() {
    }

    /** @return whether there was such a client */
    public static Future<Boolean> end(Statements statements, String clientId, long at) {
        return SqlInvalidations.announceEnd(statements, clientId, at)
            .compose(announced -> statements.update(END_DEVICES, clientId))
            .compose(devices -> statements.update(DELETE, clientId))
            .map(rows -> rows > 0);
    }
}

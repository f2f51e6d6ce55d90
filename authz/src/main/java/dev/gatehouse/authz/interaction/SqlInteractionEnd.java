package dev.gatehouse.authz.interaction;

import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

/** The end of an interaction, which is the end of the pushed request that it answers too. */
final class SqlInteractionEnd {

    private static final String FINISH = """
        UPDATE interaction SET state = 'finished' WHERE interaction_hash = $1 AND state <> 'finished' RETURNING pushed_hash
        """;
    private static final String CONSUME =
        "UPDATE pushed_request SET consumed_at = $1 WHERE request_hash = $2 AND consumed_at IS NULL";

    private SqlInteractionEnd() {
    }

    /** Returns false when it was finished already, or its pushed request was answered in another interaction. */
    static Future<Boolean> finish(Statements statements, String interactionHash, long at) {
        return statements.query(FINISH, interactionHash).compose(rows -> {
            if (rows.isEmpty()) {
                return Future.succeededFuture(false);
            }
            String pushed = rows.get(0).text("pushed_hash");
            return pushed == null ? Future.succeededFuture(true)
                : statements.update(CONSUME, at, pushed).map(consumed -> consumed > 0);
        });
    }
}

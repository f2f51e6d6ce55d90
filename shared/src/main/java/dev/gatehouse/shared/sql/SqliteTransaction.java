package dev.gatehouse.shared.sql;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.List;

/** One caller's transaction on its way through the writer: its body, what the body answered, and who waits for it. */
final class SqliteTransaction<T> {

    private final Transaction<T> body;
    private final Promise<T> caller;
    private Future<T> answer;

    SqliteTransaction(Transaction<T> body, Promise<T> caller) {
        this.body = body;
        this.caller = caller;
    }

    /** Runs the body to its end on this thread. Returns whether it succeeded. */
    boolean run(SqliteConnection connection) {
        OpenStatements statements = new OpenStatements(connection);
        try {
            answer = body.run(statements);
            if (answer == null || !answer.isComplete()) {
                answer = Future.failedFuture(new IllegalStateException("A transaction's body left the writer:"
                    + " its future was not complete when it returned. It may wait for its statements only."));
            }
        } catch (Throwable thrown) {
            answer = Future.failedFuture(thrown);
        } finally {
            statements.open = false;
        }
        return answer.succeeded();
    }

    /** Tells the caller what the body answered. For after the commit. */
    void settle() {
        if (answer.succeeded()) {
            caller.tryComplete(answer.result());
        } else {
            caller.tryFail(answer.cause());
        }
    }

    void fail(Throwable cause) {
        caller.tryFail(cause);
    }

    /** The statements of one body, dead after it: a stray callback must not write into a neighbour's transaction. */
    private static final class OpenStatements implements Statements {

        private final SqliteConnection connection;
        private volatile boolean open = true;

        OpenStatements(SqliteConnection connection) {
            this.connection = connection;
        }

        @Override
        public Future<List<SqlRow>> query(String sql, Object... parameters) {
            try {
                requireOpen();
                return Future.succeededFuture(connection.query(sql, parameters));
            } catch (RuntimeException e) {
                return Future.failedFuture(e);
            }
        }

        @Override
        public Future<Integer> update(String sql, Object... parameters) {
            try {
                requireOpen();
                return Future.succeededFuture(connection.update(sql, parameters));
            } catch (RuntimeException e) {
                return Future.failedFuture(e);
            }
        }

        private void requireOpen() {
            if (!open) {
                throw new IllegalStateException("The transaction of this statement has ended");
            }
        }
    }
}

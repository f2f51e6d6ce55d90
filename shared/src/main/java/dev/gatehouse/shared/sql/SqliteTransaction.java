package dev.gatehouse.shared.sql;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.List;

/** A queued transaction: its body, the result of the body, and the caller's promise. */
final class SqliteTransaction<T> {

    private final Transaction<T> body;
    private final Promise<T> caller;
    private Future<T> answer;

    SqliteTransaction(Transaction<T> body, Promise<T> caller) {
        this.body = body;
        this.caller = caller;
    }

    /** Runs the body on this thread. Returns whether it succeeded. */
    boolean run(SqliteConnection connection) {
        OpenStatements statements = new OpenStatements(connection);
        try {
            answer = body.run(statements);
            if (answer == null || !answer.isComplete()) {
                answer = Future.failedFuture(new IllegalStateException("The body of a transaction left the writer thread:"
                    + " its future was not complete when it returned. It must wait only for its own statements."));
            }
        } catch (Throwable thrown) {
            answer = Future.failedFuture(thrown);
        } finally {
            statements.open = false;
        }
        return answer.succeeded();
    }

    /** Completes the caller's promise. Call after the commit. */
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

    /** The statements of one body. They fail after it ends, so that a late callback cannot write into another transaction. */
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

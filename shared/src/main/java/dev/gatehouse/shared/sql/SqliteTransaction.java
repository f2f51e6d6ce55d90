package dev.gatehouse.shared.sql;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/** A queued transaction: its body, the result of the body, and the caller's promise and event loop. */
final class SqliteTransaction<T> {

    private final Transaction<T> body;
    private final Promise<T> caller;
    private final Executor eventLoop;
    private final Wakes wakes;
    private Set<String> woken = Set.of();
    private Future<T> answer;

    SqliteTransaction(Transaction<T> body, Promise<T> caller, Executor eventLoop, Wakes wakes) {
        this.body = body;
        this.caller = caller;
        this.eventLoop = eventLoop;
        this.wakes = wakes;
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
            woken = statements.woken;
        }
        return answer.succeeded();
    }

    /** The event loop of the caller. */
    Executor eventLoop() {
        return eventLoop;
    }

    /** Completes the caller's promise. Call after the commit, on the caller's event loop. */
    void settle() {
        if (answer.succeeded()) {
            try {
                woken.forEach(wakes::wake);
            } finally {
                caller.tryComplete(answer.result());
            }
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
        private final Set<String> woken = new HashSet<>();
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

        /** The only writer holds every name. */
        @Override
        public Future<Void> lock(String name) {
            return Future.succeededFuture();
        }

        @Override
        public void wake(String feed) {
            woken.add(feed);
        }

        private void requireOpen() {
            if (!open) {
                throw new IllegalStateException("The transaction of this statement has ended");
            }
        }
    }
}

package dev.gatehouse.shared.sql;

import io.vertx.core.Future;

import java.util.List;

/** One connection with one long transaction, without deadlines: for commands that maintain a store, never for a server. */
interface StoreSession extends Statements {

    /** The use of the store by the transaction of a session. */
    enum Use {
        /** Reads one snapshot, while servers work. */
        READ,
        /** Replaces rows. Fails with {@link dev.gatehouse.shared.config.StartupException} if a server uses the store. */
        WRITE_ALONE
    }

    /** Opens a session of a store whose schema exists. */
    Future<Void> begin(Use use);

    /** The tables with data, each after those that it references. */
    Future<List<StoreTable>> tables();

    /** The versions of the migrations that the store has; none if it has no tables. */
    Future<List<Long>> versions();

    /** Inserts rows. */
    Future<Void> insert(String sql, List<Object[]> rows);

    /** Lets the engine continue the numbers of an identity column after the greatest one. */
    Future<Void> continueNumbers(StoreTable table);

    Future<Void> commit();

    /** Rolls back what was not committed, and closes the connection. */
    Future<Void> close();
}

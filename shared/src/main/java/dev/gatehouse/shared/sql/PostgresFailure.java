package dev.gatehouse.shared.sql;

import io.vertx.pgclient.PgException;

/** Sorts the failures of PostgreSQL by what a caller can do about them. */
final class PostgresFailure {

    /** Appendix A of the manual: serialization_failure and deadlock_detected. */
    private static final String SERIALIZATION = "40001";
    private static final String DEADLOCK = "40P01";
    private static final String READ_ONLY = "25006";

    private PostgresFailure() {
    }

    /** A transaction that may succeed when it runs again: another transaction was in its way. */
    static final class ConflictException extends RuntimeException {

        private final boolean constraint;

        ConflictException(StatementException cause, boolean constraint) {
            super(cause.getMessage(), cause);
            this.constraint = constraint;
        }

        /**
         * Returns whether a constraint was violated. The row in the way may have been committed after this transaction looked for it, so
         * one more run decides.
         */
        boolean isConstraint() {
            return constraint;
        }
    }

    /** Returns the exception for the failure of a statement. */
    static RuntimeException of(String sql, String database, Throwable cause) {
        if (cause instanceof StatementException || cause instanceof StoreUnavailableException || cause instanceof IllegalStateException) {
            return (RuntimeException) cause;
        }
        if (!(cause instanceof PgException rejected)) {
            return unavailable(database, cause);
        }
        String state = rejected.getSqlState() == null ? "" : rejected.getSqlState();
        StatementException statement = new StatementException(sql, rejected.getErrorMessage() + " (" + state + ")", cause);
        if (state.equals(SERIALIZATION) || state.equals(DEADLOCK)) {
            return new ConflictException(statement, false);
        }
        if (state.startsWith("23")) {
            return new ConflictException(statement, true);
        }
        return isRejection(state) ? statement : unavailable(database, cause);
    }

    static boolean isReadOnly(Throwable failure) {
        return failure.getCause() instanceof PgException rejected && READ_ONLY.equals(rejected.getSqlState());
    }

    static StoreUnavailableException unavailable(String database, Throwable cause) {
        return new StoreUnavailableException("The database " + database + " is not available: " + cause.getMessage(), cause);
    }

    /** Data exceptions, wrong transaction states but a read-only server, and syntax errors. All others come from the server's state. */
    private static boolean isRejection(String state) {
        return state.startsWith("22") || state.startsWith("42") || state.startsWith("0A") || state.startsWith("25") && !state.equals(READ_ONLY);
    }
}

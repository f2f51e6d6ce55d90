package dev.gatehouse.shared.sql;

/**
 * The engine refused one statement: a constraint, a wrong parameter count, bad SQL. The message holds the statement's
 * text and the engine's reason, and never a parameter's value.
 */
public final class StatementException extends RuntimeException {

    public StatementException(String sql, String reason, Throwable cause) {
        super(reason + " in: " + sql.strip().replaceAll("\\s+", " "), cause);
    }
}

package dev.gatehouse.shared.sql;

/**
 * The engine rejected a statement: a constraint, a wrong parameter count, invalid SQL. The message has the SQL text and the
 * engine's reason, never a parameter value.
 */
final class StatementException extends RuntimeException {

    StatementException(String sql, String reason, Throwable cause) {
        super(reason + " in: " + sql.strip().replaceAll("\\s+", " "), cause);
    }
}

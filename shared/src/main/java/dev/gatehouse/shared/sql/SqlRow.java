package dev.gatehouse.shared.sql;

/** One row of a result. Column names are those of the statement in lower case; an unknown name is a programming error. */
public interface SqlRow {

    /** The text of a column, or null if it is NULL. */
    String text(String column);

    /** The integer of a column. @throws NullPointerException if it is NULL */
    long number(String column);

    /** The integer of a column, or null if it is NULL. */
    Long numberOrNull(String column);

    /** The bytes of a column, or null if it is NULL. */
    byte[] bytes(String column);
}

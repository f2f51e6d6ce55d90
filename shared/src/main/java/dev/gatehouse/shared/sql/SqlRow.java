package dev.gatehouse.shared.sql;

/** One row of a result. Column names are those of the statement in lower case; an unknown name is a programming error. */
public interface SqlRow {

    /**
     * {@return the text of a column, or null if it is NULL}
     *
     * @param column the name of the column
     */
    String text(String column);

    /**
     * {@return the integer of a column}
     *
     * @param column the name of the column
     * @throws NullPointerException if it is NULL
     */
    long number(String column);

    /**
     * {@return the integer of a column, or null if it is NULL}
     *
     * @param column the name of the column
     */
    Long numberOrNull(String column);

    /**
     * {@return the bytes of a column, or null if it is NULL}
     *
     * @param column the name of the column
     */
    byte[] bytes(String column);
}

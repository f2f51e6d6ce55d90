package dev.gatehouse.shared.sql;

/** One row of a result. Columns are named as the statement names them, in lower case; an unknown name is a defect. */
public interface SqlRow {

    /** The text of a column, or null where it is NULL. */
    String text(String column);

    /** The integer of a column. Throws {@link NullPointerException} where it is NULL. */
    long number(String column);

    /** The integer of a column, or null where it is NULL. */
    Long numberOrNull(String column);

    /** The bytes of a column, or null where it is NULL. */
    byte[] bytes(String column);
}

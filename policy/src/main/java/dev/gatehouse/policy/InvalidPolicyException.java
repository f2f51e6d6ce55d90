package dev.gatehouse.policy;

/** A policy file that cannot be used. The message begins with the line and the column. */
public final class InvalidPolicyException extends RuntimeException {

    /** The line of the error, from 1. */
    private final int line;
    /** The column of the error, from 1. */
    private final int column;

    InvalidPolicyException(int line, int column, String problem) {
        super("line " + line + ", column " + column + ": " + problem, null, false, false);
        this.line = line;
        this.column = column;
    }

    /** {@return the line of the error, from 1} */
    public int line() {
        return line;
    }

    /** {@return the column of the error, from 1} */
    public int column() {
        return column;
    }
}

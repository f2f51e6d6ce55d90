package dev.gatehouse.shared.sql;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;

import java.util.Objects;

/** A row of PostgreSQL. A truth value reads as a number, as SQLite has it. */
record PostgresRow(Row row) implements SqlRow {

    @Override
    public String text(String column) {
        return value(column, String.class);
    }

    @Override
    public long number(String column) {
        return Objects.requireNonNull(numberOrNull(column), column);
    }

    @Override
    public Long numberOrNull(String column) {
        Object value = row.getValue(place(column));
        if (value instanceof Boolean truth) {
            return truth ? 1L : 0L;
        }
        Number number = value(column, Number.class);
        return number == null ? null : number.longValue();
    }

    @Override
    public byte[] bytes(String column) {
        Buffer bytes = value(column, Buffer.class);
        return bytes == null ? null : bytes.getBytes();
    }

    private <T> T value(String column, Class<T> type) {
        Object value = row.getValue(place(column));
        if (value != null && !type.isInstance(value)) {
            throw new IllegalArgumentException("Column " + column + " holds " + value.getClass().getSimpleName() + ", not " + type.getSimpleName());
        }
        return type.cast(value);
    }

    private int place(String column) {
        int place = row.getColumnIndex(column);
        if (place < 0) {
            throw new IllegalArgumentException("No column " + column);
        }
        return place;
    }
}

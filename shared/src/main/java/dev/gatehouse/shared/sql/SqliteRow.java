package dev.gatehouse.shared.sql;

import java.util.Map;
import java.util.Objects;

/** A copied row; all rows of a statement share one map from column name to index. */
record SqliteRow(Map<String, Integer> places, Object[] values) implements SqlRow {

    @Override
    public String text(String column) {
        return value(column, String.class);
    }

    @Override
    public long number(String column) {
        return Objects.requireNonNull(value(column, Number.class), column).longValue();
    }

    @Override
    public Long numberOrNull(String column) {
        Number number = value(column, Number.class);
        return number == null ? null : number.longValue();
    }

    @Override
    public byte[] bytes(String column) {
        return value(column, byte[].class);
    }

    private <T> T value(String column, Class<T> type) {
        Integer place = places.get(column);
        if (place == null) {
            throw new IllegalArgumentException("No column " + column + " among " + places.keySet());
        }
        Object value = values[place];
        if (value != null && !type.isInstance(value)) {
            throw new IllegalArgumentException("Column " + column + " holds " + value.getClass().getSimpleName()
                + ", not " + type.getSimpleName());
        }
        return type.cast(value);
    }
}

package dev.gatehouse.shared.sql;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** Counts and sums the rows of a table, in any order, because engines sort text differently. */
final class StoreChecksum {

    private final MessageDigest digest;
    private long rows;
    private long high;
    private long low;

    StoreChecksum() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Adds rows, and returns their values. */
    List<Object[]> add(StoreTable table, List<SqlRow> added) {
        List<Object[]> all = new ArrayList<>(added.size());
        for (SqlRow row : added) {
            Object[] values = table.valuesOf(row);
            for (Object value : values) {
                add(value);
            }
            ByteBuffer sum = ByteBuffer.wrap(digest.digest());
            high += sum.getLong();
            low += sum.getLong();
            rows++;
            all.add(values);
        }
        return all;
    }

    /** The kind and the length of each value precede it, so that different rows have different bytes. */
    private void add(Object value) {
        byte kind = (byte) (value == null ? 0 : value instanceof Long ? 1 : value instanceof String ? 2 : 3);
        byte[] bytes = value == null ? new byte[0] : value instanceof Long number ? ByteBuffer.allocate(Long.BYTES).putLong(number).array()
            : value instanceof String text ? PostgresTransaction.storable(text).getBytes(StandardCharsets.UTF_8) : (byte[]) value;
        digest.update(ByteBuffer.allocate(1 + Integer.BYTES).put(kind).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    long rows() {
        return rows;
    }

    String text() {
        return "%016x%016x".formatted(high, low);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoreChecksum sum && sum.rows == rows && sum.high == high && sum.low == low;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(high);
    }
}

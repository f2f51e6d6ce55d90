package dev.gatehouse.shared.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A prepared statement kept for reuse by one connection.
 *
 * <p>For SQLite {@code $1} is a name, not a number: names get indexes in the order of their first appearance, and a repeated
 * name keeps its index. This matches PostgreSQL only if the numbers first appear in ascending order. A statement that breaks
 * this order is rejected before it binds wrong values.
 */
final class SqliteStatement {

    private static final Pattern PARAMETER = Pattern.compile("\\$([0-9]+)");
    private static final Pattern CHANGES =
        Pattern.compile("\\b(INSERT|UPDATE|DELETE|REPLACE)\\b", Pattern.CASE_INSENSITIVE);

    private final PreparedStatement prepared;
    private final int parameterCount;
    private final boolean changes;
    private Map<String, Integer> places;

    SqliteStatement(Connection connection, String sql) throws SQLException {
        parameterCount = parameterCount(sql);
        changes = CHANGES.matcher(sql).find();
        prepared = connection.prepareStatement(sql);
    }

    /** Returns whether the statement may change rows; never false for a statement that does. */
    boolean changes() {
        return changes;
    }

    List<SqlRow> query(Object[] parameters) throws SQLException {
        bind(parameters);
        try (ResultSet result = prepared.executeQuery()) {
            if (places == null) {
                places = places(result.getMetaData());
            }
            List<SqlRow> rows = new ArrayList<>();
            while (result.next()) {
                Object[] values = new Object[places.size()];
                for (int column = 0; column < values.length; column++) {
                    values[column] = result.getObject(column + 1);
                }
                rows.add(new SqliteRow(places, values));
            }
            return rows;
        }
    }

    int update(Object[] parameters) throws SQLException {
        bind(parameters);
        return prepared.executeUpdate();
    }

    void close() throws SQLException {
        prepared.close();
    }

    private void bind(Object[] parameters) throws SQLException {
        if (parameters.length != parameterCount) {
            throw new SQLException(parameters.length + " parameters given, " + parameterCount + " expected");
        }
        for (int place = 1; place <= parameters.length; place++) {
            Object value = parameters[place - 1];
            if (value == null || value instanceof String || value instanceof Long || value instanceof Integer) {
                prepared.setObject(place, value);
            } else if (value instanceof byte[] bytes) {
                prepared.setBytes(place, bytes);
            } else {
                throw new SQLException("Parameter $" + place + " is a " + value.getClass().getName());
            }
        }
    }

    private static int parameterCount(String sql) throws SQLException {
        int highest = 0;
        Matcher parameter = PARAMETER.matcher(sql);
        while (parameter.find()) {
            int number = Integer.parseInt(parameter.group(1));
            if (number == highest + 1) {
                highest = number;
            } else if (number < 1 || number > highest) {
                throw new SQLException("$" + number + " appears before $" + (highest + 1));
            }
        }
        return highest;
    }

    private static Map<String, Integer> places(ResultSetMetaData columns) throws SQLException {
        Map<String, Integer> places = new HashMap<>();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            if (places.put(columns.getColumnLabel(column).toLowerCase(Locale.ROOT), column - 1) != null) {
                throw new SQLException("Two columns are named " + columns.getColumnLabel(column));
            }
        }
        return places;
    }
}

package dev.gatehouse.shared.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table as the catalog of an engine describes it.
 *
 * @param name its name
 * @param columns the names and kinds of its columns, in the order of the names
 * @param key the columns of its primary key
 * @param identity the column whose values the engine numbers; or null
 * @param parents the tables that its foreign keys reference
 */
record StoreTable(String name, Map<String, Kind> columns, List<String> key, String identity, Set<String> parents) {

    /** The kinds of values, which every engine has. */
    enum Kind {
        TEXT, NUMBER, BYTES;

        static Kind of(String type) {
            return switch (type) {
                case "text" -> TEXT;
                case "bigint", "integer" -> NUMBER;
                case "bytea", "blob" -> BYTES;
                default -> throw new IllegalArgumentException("A column has the unknown type " + type);
            };
        }

        Object value(SqlRow row, String column) {
            return switch (this) {
                case TEXT -> row.text(column);
                case NUMBER -> row.numberOrNull(column);
                case BYTES -> row.bytes(column);
            };
        }
    }

    /**
     * Builds the tables, each after the tables that it references.
     *
     * @param columns rows of the catalog: table_name, column_name, type, key_place, and identity
     * @param references rows of the catalog: table_name and parent
     */
    static List<StoreTable> ordered(List<SqlRow> columns, List<SqlRow> references) {
        Map<String, List<SqlRow>> byTable = columns.stream().collect(Collectors.groupingBy(row -> row.text("table_name"), LinkedHashMap::new, Collectors.toList()));
        List<StoreTable> waiting = new ArrayList<>();
        byTable.forEach((name, rows) -> waiting.add(of(name, rows, references)));
        List<StoreTable> ordered = new ArrayList<>();
        Set<String> done = new TreeSet<>();
        while (!waiting.isEmpty()) {
            List<StoreTable> ready = waiting.stream().filter(table -> done.containsAll(table.parents())).toList();
            if (ready.isEmpty()) {
                throw new IllegalStateException("The foreign keys of these tables are cyclic: " + waiting.stream().map(StoreTable::name).toList());
            }
            ordered.addAll(ready);
            ready.forEach(table -> done.add(table.name()));
            waiting.removeAll(ready);
        }
        return ordered;
    }

    private static StoreTable of(String name, List<SqlRow> rows, List<SqlRow> references) {
        Map<String, Kind> columns = new LinkedHashMap<>();
        rows.forEach(row -> columns.put(row.text("column_name"), Kind.of(row.text("type"))));
        List<String> key = rows.stream().filter(row -> row.number("key_place") > 0)
            .sorted((one, other) -> Long.compare(one.number("key_place"), other.number("key_place"))).map(row -> row.text("column_name")).toList();
        String identity = rows.stream().filter(row -> row.number("is_numbered") != 0).map(row -> row.text("column_name")).findFirst().orElse(null);
        Set<String> parents = references.stream().filter(row -> row.text("table_name").equals(name)).map(row -> row.text("parent"))
            .filter(parent -> !parent.equals(name)).collect(Collectors.toCollection(TreeSet::new));
        return new StoreTable(name, columns, key, identity, parents);
    }

    /** Reads rows in the order of the key: the first ones, or those after the values of a key. */
    String page(boolean first, int limit) {
        String names = String.join(", ", key);
        String after = first ? "" : " WHERE (" + names + ") > (" + parameters(key.size()) + ")";
        return "SELECT " + String.join(", ", columns.keySet()) + " FROM " + name + after + " ORDER BY " + names + " LIMIT " + limit;
    }

    Object[] keyOf(SqlRow row) {
        return key.stream().map(column -> columns.get(column).value(row, column)).toArray();
    }

    String insert() {
        return "INSERT INTO " + name + " (" + String.join(", ", columns.keySet()) + ") VALUES (" + parameters(columns.size()) + ")";
    }

    Object[] valuesOf(SqlRow row) {
        return columns.entrySet().stream().map(column -> column.getValue().value(row, column.getKey())).toArray();
    }

    private static String parameters(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(number -> "$" + number).collect(Collectors.joining(", "));
    }

    /** Returns whether rows of one table fit into the other. */
    boolean hasShapeOf(StoreTable other) {
        return name.equals(other.name()) && columns.equals(other.columns()) && key.equals(other.key());
    }
}

package dev.gatehouse.shared.cli;

import dev.gatehouse.shared.text.VisibleText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The output of a list command: a table whose columns are as wide as their contents, or JSON. */
public final class Listing {

    /** A longer cell overflows its column and does not widen it for all rows. */
    private static final int WIDEST_COLUMN = 44;
    private static final String GAP = "  ";

    private final List<String> keys;
    private final List<List<Object>> rows = new ArrayList<>();

    /** The format option of list commands. */
    public static final class Format {

        @Option(names = "--json", description = "Print a JSON array, for programs.")
        private boolean json;

        /** Picocli calls it. */
        public Format() {
        }

        /** {@return whether the user asked for JSON} */
        public boolean isJson() {
            return json;
        }
    }

    /**
     * Creates an empty list.
     *
     * @param keys names of the members in JSON; in capitals, the headings
     */
    public Listing(String... keys) {
        this.keys = List.of(keys);
    }

    /**
     * Adds a row.
     *
     * @param cells texts, numbers or lists of texts, one for each key; null for an empty cell
     */
    public void add(Object... cells) {
        if (cells.length != keys.size()) {
            throw new IllegalArgumentException("A row has " + keys.size() + " cells");
        }
        rows.add(Arrays.asList(cells.clone()));
    }

    /**
     * Prints the rows.
     *
     * @param out the destination
     * @param format a table or JSON
     */
    public void print(PrintWriter out, Format format) {
        if (format.json) {
            out.println(VisibleText.lines(json().encodePrettily()));
        } else {
            printTable(out);
        }
        out.flush();
    }

    private JsonArray json() {
        JsonArray all = new JsonArray();
        for (List<Object> row : rows) {
            JsonObject each = new JsonObject();
            for (int i = 0; i < keys.size(); i++) {
                each.put(keys.get(i), value(row.get(i)));
            }
            all.add(each);
        }
        return all;
    }

    private static Object value(Object cell) {
        if (cell instanceof Collection<?> several) {
            return new JsonArray(several.stream().map(Object::toString).toList());
        }
        return cell == null || cell instanceof Number || cell instanceof Boolean ? cell : cell.toString();
    }

    private void printTable(PrintWriter out) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(keys.stream().map(key -> key.replace('_', ' ').toUpperCase(Locale.ROOT)).toList());
        rows.forEach(row -> lines.add(row.stream().map(Listing::text).toList()));
        int[] widths = new int[keys.size()];
        lines.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                int width = length(line.get(i));
                widths[i] = Math.max(widths[i], width <= WIDEST_COLUMN ? width : 0);
            }
        });
        lines.forEach(line -> out.println(laidOut(line, widths)));
    }

    private static String text(Object cell) {
        return VisibleText.of(cell == null ? "" : cell instanceof Collection<?> several
            ? String.join(" ", several.stream().map(Object::toString).toList()) : cell.toString());
    }

    private static String laidOut(List<String> line, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            text.append(line.get(i)).append(" ".repeat(Math.max(0, widths[i] - length(line.get(i))))).append(GAP);
        }
        return text.toString().stripTrailing();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /**
     * Prints a name and its value on one line.
     *
     * @param out the destination
     * @param name the name
     * @param value the value
     */
    public static void field(PrintWriter out, String name, String value) {
        out.printf("%-15s %s%n", VisibleText.of(name), VisibleText.of(value));
    }
}

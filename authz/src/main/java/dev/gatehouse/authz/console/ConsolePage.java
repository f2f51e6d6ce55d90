package dev.gatehouse.authz.console;

import dev.gatehouse.authz.admin.Operation;
import dev.gatehouse.authz.console.LineChanges.Line;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A page of the console. One template shows all of them.
 *
 * @param action the URL of all forms that change something
 * @param back the URL of this page, to which a form returns
 * @param notice a confirmation of the last change, or empty
 * @param error the reason why the last change was refused, or empty
 */
record ConsolePage(String title, String user, String action, String back, String csrf, String notice, String error, List<Link> navigation, String search,
                   List<Section> sections) {

    /** Five columns of such words fit into the page. */
    private static final int LONGEST_WORD = 24;
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");

    /** The URL of the search. */
    public String searchAction() {
        return action.substring(0, action.length() - "act".length()) + "search";
    }

    /** A link. @param current whether it leads to this page */
    record Link(String label, String url, boolean current) {
    }

    /** A cell of a table. @param url of a link, or empty */
    record Cell(String text, String url) {

        static Cell of(Object value) {
            return new Cell(words(value), "");
        }

        static Cell link(Object value, String url) {
            return new Cell(words(value), url);
        }

        /** Returns whether the words of the cell are short, so that none is broken. */
        public boolean isWord() {
            return Stream.of(text.split(" ")).allMatch(word -> word.length() <= LONGEST_WORD);
        }

        /** Returns whether the cell has a time, which stays on one line. */
        public boolean isTime() {
            return TIME.matcher(text).matches();
        }
    }

    /** A row of a table. @param form a change of what the row shows; null for none */
    record Row(List<Cell> cells, Form form) {
    }

    /** A name and a value. @param url of a link, or empty */
    record Fact(String name, String value, String url) {

        static Fact of(String name, Object value) {
            return new Fact(name, words(value), "");
        }
    }

    /** A hidden value of a form. */
    record Hidden(String name, String value) {
    }

    /** A field of a form. @param type text, password, area, check or choice @param options of a choice */
    record Field(String id, String name, String label, String type, String value, List<String> options, String hint) {

        static Field text(String name, String label, String value, String hint) {
            return new Field("", name, label, "text", value == null ? "" : value, List.of(), hint);
        }

        static Field area(String name, String label, String value, String hint) {
            return new Field("", name, label, "area", value, List.of(), hint);
        }

        static Field password(String name, String label, String hint) {
            return new Field("", name, label, "password", "", List.of(), hint);
        }

        static Field choice(String name, String label, String value, String... options) {
            return new Field("", name, label, "choice", value, List.of(options), "");
        }

        Field numbered(String prefix) {
            return new Field(prefix + "-" + name.replaceAll("[^A-Za-z0-9]", "-"), name, label, type, value, options, hint);
        }
    }

    /**
     * A form that performs an operation, or one that selects what the page shows.
     *
     * @param method post or get
     * @param open whether its fields show without a click
     */
    record Form(String id, String method, String action, String label, String summary, List<Hidden> hidden, List<Field> fields, boolean danger, boolean open) {

        /** @param path the path parameters, in turn names and values */
        static Form of(Operation operation, String label, String tag, List<Field> fields, boolean danger, String... path) {
            List<Hidden> hidden = new ArrayList<>(List.of(new Hidden("operation", operation.id())));
            if (tag != null) {
                hidden.add(new Hidden("tag", tag));
            }
            for (int i = 0; i < path.length; i += 2) {
                hidden.add(new Hidden("path." + path[i], path[i + 1]));
            }
            return new Form("", "post", "", label, label, hidden, fields, danger, false);
        }

        static Form filter(String action, String label, List<Field> fields) {
            return new Form("", "get", action, label, label, List.of(), fields, false, true);
        }

        Form with(String name, String value) {
            List<Hidden> all = new ArrayList<>(hidden);
            all.add(new Hidden(name, value));
            return new Form(id, method, action, label, summary, all, fields, danger, open);
        }

        Form opened() {
            return new Form(id, method, action, label, summary, hidden, fields, danger, true);
        }

        Form numbered(String prefix) {
            return new Form(prefix, method, action, label, summary, hidden, fields.stream().map(field -> field.numbered(prefix)).toList(), danger, open);
        }
    }

    /**
     * A curve of the last day.
     *
     * @param most the value at the top of the axis
     * @param points of a polyline in a box of 240 by 60
     * @param description the values, for users who do not see the curve
     * @param times the labels of the axis of time: the first hour, the middle and the last
     */
    record Chart(String id, String title, long total, long most, String points, String description, List<String> times) {

        private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);

        static Chart of(String title, JsonArray hours, String member) {
            List<Long> values = hours.stream().map(each -> ((JsonObject) each).getLong(member)).toList();
            long highest = values.stream().mapToLong(value -> value).max().orElse(0);
            long most = Math.max(1, highest);
            StringBuilder points = new StringBuilder();
            for (int i = 0; i < values.size(); i++) {
                points.append(i == 0 ? "" : " ").append(2 + i * 236 / Math.max(1, values.size() - 1)).append(',').append(56 - values.get(i) * 52 / most);
            }
            List<String> times = List.of(hour(hours, 0), hour(hours, hours.size() / 2), hour(hours, hours.size() - 1) + " UTC");
            String description = "From " + times.get(0) + " to " + times.get(2) + ", at most " + highest + " in an hour: "
                + values.stream().map(String::valueOf).collect(Collectors.joining(", "));
            return new Chart("chart-" + member, title, values.stream().mapToLong(value -> value).sum(), most, points.toString(), description, times);
        }

        private static String hour(JsonArray hours, int index) {
            return HOUR.format(Instant.parse(hours.getJsonObject(index).getString("at")));
        }
    }

    /** A part of a page. Empty lists show nothing. */
    record Section(String heading, String text, List<Fact> facts, List<Chart> charts, List<String> columns, List<Row> rows, String empty, String preformatted, List<Line> lines,
                   List<Link> links, List<Form> forms) {

        static Section of(String heading) {
            return new Section(heading, "", List.of(), List.of(), List.of(), List.of(), "", "", List.of(), List.of(), List.of());
        }

        Section text(String words) {
            return new Section(heading, words, facts, charts, columns, rows, empty, preformatted, lines, links, forms);
        }

        Section facts(Map<String, Object> named) {
            return facts(named.entrySet().stream().map(each -> Fact.of(each.getKey(), each.getValue())).toList());
        }

        Section facts(List<Fact> shown) {
            return new Section(heading, text, shown, charts, columns, rows, empty, preformatted, lines, links, forms);
        }

        Section charts(Chart... several) {
            return new Section(heading, text, facts, List.of(several), columns, rows, empty, preformatted, lines, links, forms);
        }

        Section table(List<String> names, List<Row> shown, String otherwise) {
            return new Section(heading, text, facts, charts, names, shown, otherwise, preformatted, lines, links, forms);
        }

        Section preformatted(String shown) {
            return new Section(heading, text, facts, charts, columns, rows, empty, shown, lines, links, forms);
        }

        /** Shows the differences between two texts. */
        Section lines(List<Line> compared) {
            return new Section(heading, text, facts, charts, columns, rows, empty, preformatted, compared, links, forms);
        }

        Section links(List<Link> more) {
            return new Section(heading, text, facts, charts, columns, rows, empty, preformatted, lines, more, forms);
        }

        Section forms(Form... several) {
            return new Section(heading, text, facts, charts, columns, rows, empty, preformatted, lines, links, Arrays.stream(several).filter(form -> form != null).toList());
        }

        /** The preformatted text by its lines. A page shows control characters within a line as their code. */
        public List<String> preformattedLines() {
            return preformatted.lines().toList();
        }

        /** Returns whether a row has a form. */
        public boolean withActions() {
            return rows.stream().anyMatch(row -> row.form() != null);
        }

        /** Gives each form and field an identifier of its own on the page. */
        Section numbered(int number) {
            List<Row> counted = new ArrayList<>();
            for (Row row : rows) {
                counted.add(new Row(row.cells(), row.form() == null ? null : row.form().numbered("r" + number + "-" + counted.size())));
            }
            List<Form> numbered = new ArrayList<>();
            forms.forEach(form -> numbered.add(form.numbered("f" + number + "-" + numbered.size())));
            return new Section(heading, text, facts, charts, columns, counted, empty, preformatted, lines, links, numbered);
        }
    }

    /** A value in words: a list has commas, a time has no fraction, null is a dash. */
    static String words(Object value) {
        if (value instanceof JsonArray array) {
            return array.isEmpty() ? "–" : array.stream().map(String::valueOf).collect(Collectors.joining(", "));
        }
        String text = value == null || value.equals("") ? "–" : value.equals(true) ? "yes" : value.equals(false) ? "no" : value.toString();
        return text.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z") ? text.substring(0, 10) + " " + text.substring(11, 19) : text;
    }
}

package dev.gatehouse.authz.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A form of one of our own pages, with what it would send as it stands. Not a parser for other people's HTML. */
record HtmlForm(String action, List<Field> fields) {

    private static final Pattern FORM = Pattern.compile("<form\\b([^>]*)>(.*?)</form>", Pattern.DOTALL);
    private static final Pattern INPUT = Pattern.compile("<input\\b([^>]*)>", Pattern.DOTALL);
    private static final Pattern ATTRIBUTE = Pattern.compile("([a-z-]+)(?:=\"([^\"]*)\")?");

    /** A name and value that the form sends. */
    record Field(String name, String value) {
    }

    /** The form of this id on a page. */
    static Optional<HtmlForm> find(String html, String id) {
        Matcher form = FORM.matcher(html);
        while (form.find()) {
            if (id.equals(attribute(form.group(1), "id"))) {
                return Optional.of(new HtmlForm(attribute(form.group(1), "action"), fields(form.group(2))));
            }
        }
        return Optional.empty();
    }

    /** The value of the input of this id on a page. */
    static Optional<String> inputValue(String html, String id) {
        Matcher input = INPUT.matcher(html);
        while (input.find()) {
            if (id.equals(attribute(input.group(1), "id"))) {
                return Optional.ofNullable(attribute(input.group(1), "value"));
            }
        }
        return Optional.empty();
    }

    private static List<Field> fields(String html) {
        List<Field> fields = new ArrayList<>();
        Matcher input = INPUT.matcher(html);
        while (input.find()) {
            String attributes = input.group(1);
            String name = attribute(attributes, "name");
            boolean unsent = attribute(attributes, "disabled") != null
                || "checkbox".equals(attribute(attributes, "type")) && attribute(attributes, "checked") == null;
            String value = attribute(attributes, "value");
            if (name != null && value != null && !unsent) {
                fields.add(new Field(name, value));
            }
        }
        return fields;
    }

    private static String attribute(String attributes, String name) {
        Matcher attribute = ATTRIBUTE.matcher(attributes);
        while (attribute.find()) {
            if (attribute.group(1).equals(name)) {
                return attribute.group(2) == null ? "" : unescape(attribute.group(2));
            }
        }
        return null;
    }

    private static String unescape(String text) {
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
    }
}

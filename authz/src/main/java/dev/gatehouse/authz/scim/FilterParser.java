package dev.gatehouse.authz.scim;

import dev.gatehouse.authz.scim.Filter.And;
import dev.gatehouse.authz.scim.Filter.Comparison;
import dev.gatehouse.authz.scim.Filter.Element;
import dev.gatehouse.authz.scim.Filter.Not;
import dev.gatehouse.authz.scim.Filter.Operator;
import dev.gatehouse.authz.scim.Filter.Or;
import dev.gatehouse.authz.scim.Filter.Present;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads filters and the paths of PATCH operations (RFC 7644 §3.4.2.2, figure 1, and §3.5.2, figure 7). */
final class FilterParser {

    private static final int LONGEST = 8_000;
    private static final int DEEPEST = 30;

    private final String text;
    private final Function<String, Optional<AttributePath>> attributes;
    private final Function<String, ScimException> fault;
    private int at;
    private int depth;

    private FilterParser(String text, Function<String, Optional<AttributePath>> attributes, Function<String, ScimException> fault) {
        this.text = text;
        this.attributes = attributes;
        this.fault = fault;
    }

    /** @throws ScimException {@code invalidFilter} */
    static Filter filter(ResourceType type, String text) {
        FilterParser parser = new FilterParser(text, name -> AttributePath.find(type, name), ScimException::invalidFilter);
        parser.require(text.length() <= LONGEST, "The filter is too long");
        Filter filter = parser.disjunction();
        parser.require(parser.isAtEnd(), "The filter has text after its end");
        return filter;
    }

    /** The target of a PATCH operation. @param filter over the values of the list, or null; @param part the sub-attribute behind it, or null */
    record Target(AttributePath path, Filter filter, Attribute part) {
    }

    /** @throws ScimException {@code invalidPath} */
    static Target target(ResourceType type, String text) {
        FilterParser parser = new FilterParser(text, name -> AttributePath.find(type, name), ScimException::invalidPath);
        parser.require(text.length() <= LONGEST, "The path is too long");
        AttributePath path = parser.path();
        Filter filter = parser.take('[') ? parser.elementFilter(path) : null;
        Attribute part = filter != null && parser.take('.') ? parser.partOf(path) : null;
        parser.require(parser.isAtEnd(), "The path has text after its end");
        return new Target(path, filter, part);
    }

    private Filter disjunction() {
        require(++depth <= DEEPEST, "The filter is nested too deeply");
        List<Filter> any = new ArrayList<>(List.of(conjunction()));
        while (takeWord("or")) {
            any.add(conjunction());
        }
        depth--;
        return any.size() == 1 ? any.get(0) : new Or(List.copyOf(any));
    }

    private Filter conjunction() {
        List<Filter> all = new ArrayList<>(List.of(term()));
        while (takeWord("and")) {
            all.add(term());
        }
        return all.size() == 1 ? all.get(0) : new And(List.copyOf(all));
    }

    private Filter term() {
        int start = at;
        if (takeWord("not")) {
            if (take('(')) {
                return new Not(group());
            }
            at = start;
        }
        return take('(') ? group() : expression();
    }

    private Filter group() {
        Filter filter = disjunction();
        require(take(')'), "A parenthesis is not closed");
        return filter;
    }

    private Filter expression() {
        AttributePath path = path();
        require(path.attribute() != null, "A filter names an attribute");
        if (!take('[')) {
            return comparison(path);
        }
        Filter filter = elementFilter(path);
        // Microsoft Entra asks for emails[type eq "work"].value eq "a@example.com", which the grammar does not have.
        return !take('.') ? new Element(path, filter)
            : new Element(path, new And(List.of(filter, comparison(new AttributePath(null, partOf(path), null)))));
    }

    private Filter elementFilter(AttributePath path) {
        require(path.attribute() != null && path.part() == null && path.attribute().isComplex(), "Only an attribute with sub-attributes has values to filter");
        FilterParser inner = new FilterParser(text, name -> path.attribute().part(name).map(part -> new AttributePath(null, part, null)), fault);
        inner.at = at;
        inner.depth = depth;
        Filter filter = inner.disjunction();
        at = inner.at;
        require(take(']'), "A bracket is not closed");
        return filter;
    }

    private Attribute partOf(AttributePath path) {
        String name = word();
        return path.attribute().part(name).orElseThrow(() -> fault.apply("There is no attribute " + path.attribute().name() + "." + shown(name)));
    }

    private Filter comparison(AttributePath path) {
        String operator = word().toLowerCase(Locale.ROOT);
        if (operator.equals("pr")) {
            return new Present(path);
        }
        Operator known = Stream.of(Operator.values()).filter(each -> each.name().toLowerCase(Locale.ROOT).equals(operator)).findFirst()
            .orElseThrow(() -> fault.apply("An operator is eq, ne, co, sw, ew, gt, ge, lt, le or pr"));
        return new Comparison(path, known, value());
    }

    private AttributePath path() {
        String name = word();
        return attributes.apply(name).orElseThrow(() -> fault.apply("There is no attribute " + shown(name)));
    }

    private Object value() {
        skipBlanks();
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        String word = word();
        return switch (word) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            case "null" -> null;
            default -> throw fault.apply("A value is a text in quotation marks, true, false or null");
        };
    }

    /** A JSON string. */
    private String quoted() {
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return value.toString();
            }
            value.append(c == '\\' ? escaped() : c);
        }
        throw fault.apply("A text is not closed");
    }

    private char escaped() {
        at++;
        char c = at < text.length() ? text.charAt(at) : ' ';
        if (c == 'u') {
            require(text.length() > at + 4 && text.substring(at + 1, at + 5).matches("[0-9A-Fa-f]{4}"), "A text has an unknown escape");
            at += 4;
            return (char) Integer.parseInt(text.substring(at - 3, at + 1), 16);
        }
        int known = "\"\\/bfnrt".indexOf(c);
        require(known >= 0, "A text has an unknown escape");
        return "\"\\/\b\f\n\r\t".charAt(known);
    }

    /** Letters, digits and the characters of attribute names and URNs. */
    private String word() {
        skipBlanks();
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || "$-_:.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        require(at > start, "Text is missing at position " + (at + 1));
        return text.substring(start, at);
    }

    private boolean takeWord(String word) {
        int start = at;
        skipBlanks();
        int end = at + word.length();
        if (text.regionMatches(true, at, word, 0, word.length())
            && (end == text.length() || Character.isWhitespace(text.charAt(end)) || text.charAt(end) == '(')) {
            at = end;
            return true;
        }
        at = start;
        return false;
    }

    private boolean take(char wanted) {
        skipBlanks();
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private boolean isAtEnd() {
        skipBlanks();
        return at == text.length();
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw fault.apply(otherwise);
        }
    }

    private static String shown(String name) {
        return name.length() <= 80 ? name : name.substring(0, 80);
    }
}

package dev.gatehouse.mcp.schema;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Recognizes most of the values that match a schema, faster than the validator does. It knows the keywords that tools use most.
 * False means that the validator has to decide: the value may match, or the schema may have other keywords. Thread-safe.
 */
final class QuickMatch {

    private static final Set<String> ANNOTATIONS = Set.of("$schema", "$id", "$anchor", "$defs", "$comment", "title", "description", "default", "examples", "deprecated",
        "readOnly", "writeOnly", "x-mcp-header", "enumNames");
    private static final Predicate<Object> ANY = value -> true;
    private static final Predicate<Object> UNDECIDED = value -> false;

    private QuickMatch() {
    }

    /**
     * Compiles a schema.
     *
     * @param schema a JSON Schema 2020-12 as an object or a boolean
     * @return true for values that surely match
     */
    static Predicate<Object> of(Object schema) {
        if (!(schema instanceof Map<?, ?> keywords)) {
            return Boolean.TRUE.equals(schema) ? ANY : UNDECIDED;
        }
        Predicate<Object> all = ANY;
        for (Map.Entry<?, ?> keyword : keywords.entrySet()) {
            Predicate<Object> next = keyword(String.valueOf(keyword.getKey()), keyword.getValue(), keywords);
            all = all == ANY ? next : next == ANY ? all : all.and(next);
        }
        return all;
    }

    private static Predicate<Object> keyword(String name, Object argument, Map<?, ?> schema) {
        switch (name) {
            case "type":
                return type(argument);
            case "enum":
                return texts(argument).<Predicate<Object>>map(texts -> value -> value instanceof String && texts.contains(value)).orElse(UNDECIDED);
            case "required":
                return texts(argument).<Predicate<Object>>map(names -> value -> !(value instanceof Map<?, ?> object) || all(names, object::containsKey))
                    .orElse(UNDECIDED);
            case "properties":
                return argument instanceof Map<?, ?> properties ? members(properties, schema.get("additionalProperties")) : UNDECIDED;
            case "additionalProperties":
                return schema.containsKey("properties") ? ANY : members(Map.of(), argument);
            case "items":
                Predicate<Object> item = of(argument);
                return value -> !(value instanceof List<?> list) || all(list, item);
            case "maxLength":
                // A text has at least as many char values as characters.
                return argument instanceof Integer most ? value -> !(value instanceof String text) || text.length() <= most : UNDECIDED;
            case "minLength":
                return argument instanceof Integer least
                    ? value -> !(value instanceof String text) || text.codePointCount(0, text.length()) >= least : UNDECIDED;
            case "minimum":
                return argument instanceof Integer least ? value -> !(value instanceof Number number) || isInteger(number) && number.longValue() >= least
                    : UNDECIDED;
            case "maximum":
                return argument instanceof Integer most ? value -> !(value instanceof Number number) || isInteger(number) && number.longValue() <= most
                    : UNDECIDED;
            default:
                return ANNOTATIONS.contains(name) ? ANY : UNDECIDED;
        }
    }

    private static Predicate<Object> type(Object name) {
        if (name instanceof List<?> names) {
            return names.stream().map(QuickMatch::type).reduce(UNDECIDED, Predicate::or);
        }
        switch (String.valueOf(name)) {
            case "object":
                return Map.class::isInstance;
            case "array":
                return List.class::isInstance;
            case "string":
                return String.class::isInstance;
            case "boolean":
                return Boolean.class::isInstance;
            case "null":
                return value -> value == null;
            case "integer", "number":
                return QuickMatch::isInteger;
            default:
                return UNDECIDED;
        }
    }

    private static Optional<Set<?>> texts(Object argument) {
        return argument instanceof List<?> list && list.stream().allMatch(String.class::isInstance) ? Optional.of(Set.copyOf(list)) : Optional.empty();
    }

    private static boolean all(Collection<?> list, Predicate<Object> item) {
        for (Object value : list) {
            if (!item.test(value)) {
                return false;
            }
        }
        return true;
    }

    /** Numbers of other kinds are left to the validator: 1.0 is an integer of JSON Schema. */
    private static boolean isInteger(Object value) {
        return value instanceof Integer || value instanceof Long;
    }

    private static Predicate<Object> members(Map<?, ?> properties, Object additional) {
        Map<Object, Predicate<Object>> known = new HashMap<>();
        properties.forEach((name, schema) -> known.put(name, of(schema)));
        Predicate<Object> others = additional == null ? ANY : of(additional);
        return value -> {
            // A loop, because a stream costs more than these checks.
            if (value instanceof Map<?, ?> object) {
                for (Map.Entry<?, ?> member : object.entrySet()) {
                    if (!known.getOrDefault(member.getKey(), others).test(member.getValue())) {
                        return false;
                    }
                }
            }
            return true;
        };
    }
}

package dev.gatehouse.authz.scim;

import dev.gatehouse.authz.scim.Attribute.Type;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A filter (RFC 7644 §3.4.2.2). {@link FilterParser} reads it. */
sealed interface Filter {

    boolean matches(JsonObject resource);

    /** The value that an attribute must have for a match; empty if the filter does not demand one. For a search by an index. */
    default Optional<String> required(String attribute) {
        return Optional.empty();
    }

    /** All of the filters match. */
    record And(List<Filter> all) implements Filter {

        @Override
        public boolean matches(JsonObject resource) {
            return all.stream().allMatch(filter -> filter.matches(resource));
        }

        @Override
        public Optional<String> required(String attribute) {
            return all.stream().flatMap(filter -> filter.required(attribute).stream()).findFirst();
        }
    }

    /** One of the filters matches. */
    record Or(List<Filter> any) implements Filter {

        @Override
        public boolean matches(JsonObject resource) {
            return any.stream().anyMatch(filter -> filter.matches(resource));
        }
    }

    /** The filter does not match. */
    record Not(Filter filter) implements Filter {

        @Override
        public boolean matches(JsonObject resource) {
            return !filter.matches(resource);
        }
    }

    /** The attribute has a value. */
    record Present(AttributePath path) implements Filter {

        @Override
        public boolean matches(JsonObject resource) {
            return path.values(resource).anyMatch(value -> path.part() == null || !(value instanceof JsonObject object) ? isValue(value)
                : isValue(object.getValue(path.part().name())));
        }

        private static boolean isValue(Object value) {
            return value != null && !"".equals(value) && !(value instanceof JsonObject object && object.isEmpty())
                && !(value instanceof JsonArray array && array.isEmpty());
        }
    }

    /** One value of a list matches. @param filter over the sub-attributes, read as attributes of their own */
    record Element(AttributePath path, Filter filter) implements Filter {

        @Override
        public boolean matches(JsonObject resource) {
            return path.values(resource).anyMatch(value -> value instanceof JsonObject element && filter.matches(element));
        }
    }

    /** The operators of comparisons. */
    enum Operator {
        EQ, NE, CO, SW, EW, GT, GE, LT, LE
    }

    /** A comparison. @param value a text, a truth value, or null for an absent value */
    record Comparison(AttributePath path, Operator operator, Object value) implements Filter {

        public Comparison {
            value = typed(path.leaf(), operator, value);
        }

        /** Converts the value to the type of the attribute. */
        private static Object typed(Attribute attribute, Operator operator, Object value) {
            boolean equality = operator == Operator.EQ || operator == Operator.NE;
            if (attribute.isComplex()) {
                throw ScimException.invalidFilter(attribute.name() + " has sub-attributes; compare one of them");
            }
            if (value == null || attribute.type() == Type.BOOLEAN) {
                Object truth = value instanceof String text ? truth(text) : value;
                if (!equality || truth != null && !(truth instanceof Boolean)) {
                    throw ScimException.invalidFilter("This comparison does not exist for " + attribute.name());
                }
                return truth;
            }
            if (!(value instanceof String)) {
                throw ScimException.invalidFilter(attribute.name() + " is compared with a text");
            }
            return attribute.type() == Type.DATE_TIME && operator != Operator.CO && operator != Operator.SW && operator != Operator.EW
                ? instant((String) value) : value;
        }

        private static Object truth(String text) {
            return text.equalsIgnoreCase("true") ? Boolean.TRUE : text.equalsIgnoreCase("false") ? Boolean.FALSE : text;
        }

        private static Instant instant(String text) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeParseException e) {
                throw ScimException.invalidFilter("A time has the form 2026-01-02T03:04:05Z");
            }
        }

        @Override
        public Optional<String> required(String attribute) {
            return operator == Operator.EQ && path.extension() == null && path.part() == null && path.attribute().name().equals(attribute)
                && value instanceof String text ? Optional.of(text) : Optional.empty();
        }

        @Override
        public boolean matches(JsonObject resource) {
            if (operator == Operator.NE) {
                return !new Comparison(path, Operator.EQ, value instanceof Instant time ? time.toString() : value).matches(resource);
            }
            return value == null ? path.leaves(resource).findAny().isEmpty() : path.leaves(resource).anyMatch(this::isMatch);
        }

        private boolean isMatch(Object found) {
            if (value instanceof Boolean) {
                return value.equals(found);
            }
            if (value instanceof Instant time) {
                return isOrdered(instant(found.toString()).compareTo(time));
            }
            boolean exact = path.leaf().exact();
            String text = exact ? found.toString() : found.toString().toLowerCase(Locale.ROOT);
            String wanted = exact ? (String) value : ((String) value).toLowerCase(Locale.ROOT);
            return switch (operator) {
                case CO -> text.contains(wanted);
                case SW -> text.startsWith(wanted);
                case EW -> text.endsWith(wanted);
                case EQ, NE, GT, GE, LT, LE -> isOrdered(text.compareTo(wanted));
            };
        }

        private boolean isOrdered(int order) {
            return switch (operator) {
                case EQ -> order == 0;
                case GT -> order > 0;
                case GE -> order >= 0;
                case LT -> order < 0;
                case LE -> order <= 0;
                case NE, CO, SW, EW -> false;
            };
        }
    }
}

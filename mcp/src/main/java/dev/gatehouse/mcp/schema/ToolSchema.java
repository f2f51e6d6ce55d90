package dev.gatehouse.mcp.schema;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.path.NodePath;
import dev.gatehouse.shared.text.VisibleText;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A JSON Schema 2020-12 of a tool, compiled at its first use so that a stdio server starts fast. Safe for use from any thread. */
public final class ToolSchema {

    private static final int REPORTED = 5;
    private static final int LONGEST_MESSAGE = 200;

    private final SchemaCompiler compiler;
    private final Map<String, Object> source;
    private volatile Predicate<Object> quick;
    private volatile Schema compiled;

    /** Compiles the schema at its first use. @param source the schema as JSON */
    public ToolSchema(SchemaCompiler compiler, Map<String, Object> source) {
        this.compiler = compiler;
        this.source = source;
    }

    /** The first error of a value, or empty. */
    public Optional<String> problem(Object value) {
        if (quick().test(value)) {
            return Optional.empty();
        }
        try {
            return text(errors(value));
        } catch (CheckingBudget.UsedUp e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * An object as the schema takes it.
     *
     * @param problem what is wrong with it, or empty
     */
    public record Fitted(Map<String, Object> object, Optional<String> problem) {
    }

    /**
     * Leaves out members that are null where the schema has no null, at any depth, and those that it does not know at all: clients
     * send null for what is not there.
     */
    public Fitted fit(Map<String, Object> object) {
        if (quick().test(object)) {
            return new Fitted(object, Optional.empty());
        }
        try {
            List<Error> errors = errors(object);
            Set<List<Object>> nulls = errors.stream().flatMap(ToolSchema::places).filter(place -> isNullMember(object, place))
                .collect(Collectors.toUnmodifiableSet());
            if (nulls.isEmpty()) {
                return new Fitted(object, text(errors));
            }
            Map<String, Object> fitted = without(object, nulls, List.of());
            return new Fitted(fitted, text(errors(fitted)));
        } catch (CheckingBudget.UsedUp e) {
            return new Fitted(object, Optional.of(e.getMessage()));
        }
    }

    /** The place of an error: a value, or the member that the error names. Each step is a name or an index. */
    private static Stream<List<Object>> places(Error error) {
        NodePath path = error.getInstanceLocation();
        List<Object> value = IntStream.range(0, path.getNameCount()).mapToObj(path::getElement).toList();
        return error.getProperty() == null ? Stream.of(value) : Stream.of(value, append(value, error.getProperty()));
    }

    private static List<Object> append(List<Object> place, Object step) {
        return Stream.concat(place.stream(), Stream.of(step)).toList();
    }

    private static boolean isNullMember(Map<?, ?> object, List<Object> place) {
        Object value = object;
        boolean isMember = false;
        for (Object step : place) {
            isMember = value instanceof Map<?, ?> members && members.containsKey(step);
            boolean isEntry = value instanceof List<?> entries && step instanceof Integer index && index < entries.size();
            if (!isMember && !isEntry) {
                return false;
            }
            value = value instanceof Map<?, ?> members ? members.get(step) : ((List<?>) value).get((Integer) step);
        }
        return isMember && value == null;
    }

    private static Map<String, Object> without(Map<?, ?> object, Set<List<Object>> nulls, List<Object> place) {
        Map<String, Object> kept = new LinkedHashMap<>();
        object.forEach((name, value) -> {
            List<Object> member = append(place, name);
            if (!nulls.contains(member)) {
                kept.put((String) name, without(value, nulls, member));
            }
        });
        return kept;
    }

    private static Object without(Object value, Set<List<Object>> nulls, List<Object> place) {
        if (value instanceof Map<?, ?> object) {
            return without(object, nulls, place);
        }
        return value instanceof List<?> entries
            ? IntStream.range(0, entries.size()).mapToObj(i -> without(entries.get(i), nulls, append(place, i))).collect(Collectors.toCollection(ArrayList::new))
            : value;
    }

    private List<Error> errors(Object value) {
        return BoundedPatterns.within(() -> compiled().validate(compiler.trees().of(value)));
    }

    private static Optional<String> text(List<Error> errors) {
        return errors.isEmpty() ? Optional.empty()
            : Optional.of(errors.stream().limit(REPORTED).map(ToolSchema::text).collect(Collectors.joining("; ")));
    }

    /** Both parts may quote what the client sent: the names on the way to the value, and the value. */
    private static String text(Error error) {
        String place = error.getInstanceLocation().toString();
        return (place.isEmpty() ? "" : VisibleText.name(place) + ": ") + VisibleText.excerpt(error.getMessage(), LONGEST_MESSAGE);
    }

    private Predicate<Object> quick() {
        Predicate<Object> check = quick;
        if (check == null) {
            check = QuickMatch.of(source);
            quick = check;
        }
        return check;
    }

    private Schema compiled() {
        Schema schema = compiled;
        if (schema == null) {
            schema = compiler.compile(source);
            compiled = schema;
        }
        return schema;
    }
}

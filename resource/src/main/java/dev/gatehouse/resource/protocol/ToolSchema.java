package dev.gatehouse.resource.protocol;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.path.NodePath;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A JSON Schema 2020-12 of a tool, compiled at its first use so that a stdio server starts fast. Safe for use from any thread. */
final class ToolSchema {

    private static final int REPORTED = 5;

    private final SchemaCompiler compiler;
    private final Map<String, Object> source;
    private volatile Schema compiled;

    ToolSchema(SchemaCompiler compiler, Map<String, Object> source) {
        this.compiler = compiler;
        this.source = source;
    }

    /** What is wrong with a value, or empty. */
    Optional<String> problem(Object value) {
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
    record Fitted(Map<String, Object> object, Optional<String> problem) {
    }

    /** Leaves out members that are null where the schema has no null: clients send it for what is not there. */
    Fitted fit(Map<String, Object> object) {
        try {
            List<Error> errors = errors(object);
            List<NodePath> nulls = errors.stream().map(Error::getInstanceLocation).filter(path -> isNull(object, path)).toList();
            if (nulls.isEmpty()) {
                return new Fitted(object, text(errors));
            }
            Map<String, Object> fitted = without(object, nulls, 0);
            return new Fitted(fitted, text(errors(fitted)));
        } catch (CheckingBudget.UsedUp e) {
            return new Fitted(object, Optional.of(e.getMessage()));
        }
    }

    private static boolean isNull(Map<?, ?> object, NodePath path) {
        Object value = object;
        for (int i = 0; i < path.getNameCount(); i++) {
            if (!(value instanceof Map<?, ?> members) || !members.containsKey(path.getName(i))) {
                return false;
            }
            value = members.get(path.getName(i));
        }
        return value == null;
    }

    private static Map<String, Object> without(Map<?, ?> object, List<NodePath> nulls, int depth) {
        Map<String, Object> kept = new LinkedHashMap<>();
        object.forEach((key, value) -> {
            String name = (String) key;
            List<NodePath> within = nulls.stream().filter(path -> path.getNameCount() > depth && path.getName(depth).equals(name)).toList();
            if (within.isEmpty() || value != null) {
                kept.put(name, value instanceof Map<?, ?> map && !within.isEmpty() ? without(map, within, depth + 1) : value);
            }
        });
        return kept;
    }

    private List<Error> errors(Object value) {
        return BoundedPatterns.within(() -> compiled().validate(compiler.trees().of(value)));
    }

    private static Optional<String> text(List<Error> errors) {
        return errors.isEmpty() ? Optional.empty()
            : Optional.of(errors.stream().limit(REPORTED).map(Error::toString).collect(Collectors.joining("; ")));
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

package dev.gatehouse.resource.protocol;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;

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
        List<Error> errors;
        try {
            errors = compiled().validate(compiler.trees().of(value));
        } catch (CheckingBudget.UsedUp e) {
            return Optional.of(e.getMessage());
        }
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

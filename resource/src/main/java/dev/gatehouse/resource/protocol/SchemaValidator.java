package dev.gatehouse.resource.protocol;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * Checks tool arguments and results by JSON Schema 2020-12. The schemas of the tools are compiled once, at their first use so
 * that a stdio server starts fast, and are found by identity: the SDK's own validator hashes the whole schema on each call
 * and keeps every schema it ever saw.
 */
final class SchemaValidator implements JsonSchemaValidator {

    private static final int REPORTED = 5;

    private final ObjectMapper mapper;
    private final Map<Map<String, Object>, AtomicReference<Schema>> known = new IdentityHashMap<>();
    private SchemaRegistry registry;

    SchemaValidator(ObjectMapper mapper, Collection<Map<String, Object>> toolSchemas) {
        this.mapper = mapper;
        toolSchemas.forEach(schema -> known.put(schema, new AtomicReference<>()));
    }

    /** Compiles all known schemas now, for servers that would rather wait at start than at the first call. */
    void warmUp() {
        known.keySet().forEach(schema -> validate(schema, Map.of()));
    }

    @Override
    public ValidationResponse validate(Map<String, Object> schema, Object content) {
        List<Error> errors = compiled(schema).validate(mapper.<com.fasterxml.jackson.databind.JsonNode>valueToTree(content));
        return errors.isEmpty() ? ValidationResponse.asValid(null) : ValidationResponse.asInvalid(describe(errors));
    }

    private Schema compiled(Map<String, Object> schema) {
        AtomicReference<Schema> slot = known.get(schema);
        if (slot == null) {
            return compile(schema);
        }
        Schema compiled = slot.get();
        if (compiled == null) {
            compiled = compile(schema);
            slot.set(compiled);
        }
        return compiled;
    }

    private synchronized Schema compile(Map<String, Object> schema) {
        if (registry == null) {
            registry = SchemaRegistry.withDefaultDialect(Dialects.getDraft202012());
        }
        return registry.getSchema(mapper.<com.fasterxml.jackson.databind.JsonNode>valueToTree(schema));
    }

    private static String describe(List<Error> errors) {
        return errors.stream().limit(REPORTED).map(Error::toString).collect(Collectors.joining("; "));
    }
}

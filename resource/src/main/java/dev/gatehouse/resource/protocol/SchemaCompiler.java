package dev.gatehouse.resource.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;

import java.util.Map;

/** Compiles the schemas of tools. Each tool keeps what was compiled of its own; no cache grows here. */
final class SchemaCompiler {

    private final ObjectMapper mapper;
    private SchemaRegistry registry;

    SchemaCompiler(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    ObjectMapper mapper() {
        return mapper;
    }

    synchronized Schema compile(Map<String, Object> schema) {
        if (registry == null) {
            registry = SchemaRegistry.withDefaultDialect(Dialects.getDraft202012());
        }
        return registry.getSchema(mapper.<JsonNode>valueToTree(schema));
    }
}

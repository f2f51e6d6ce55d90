package dev.gatehouse.mcp.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;

import java.util.Map;

/** Compiles the schemas of tools, and fetches nothing. Each tool keeps its compiled schemas, so no cache grows here. */
public final class SchemaCompiler {

    /** The dialect's own schemas, which come with the validator. */
    private static final String OWN = "https://json-schema.org/draft/2020-12/";

    private final JsonTrees trees;
    private SchemaRegistry registry;

    public SchemaCompiler(ObjectMapper mapper) {
        this.trees = new JsonTrees(mapper);
    }

    JsonTrees trees() {
        return trees;
    }

    synchronized Schema compile(Map<String, Object> schema) {
        if (registry == null) {
            // Named here so that they are not warned of as unknown: headers are checked elsewhere, names are for people.
            Dialect dialect = Dialect.builder(Dialects.getDraft202012()).keyword(new NonValidationKeyword("x-mcp-header"))
                .keyword(new NonValidationKeyword("enumNames"))
                .keyword(CheckingBudget.KEYWORD).build();
            registry = SchemaRegistry.withDefaultDialect(dialect, builder -> builder
                .schemaRegistryConfig(SchemaRegistryConfig.builder().regularExpressionFactory(new BoundedPatterns()).build())
                .schemaLoader(loader -> loader.fetchRemoteResources(false).allow(iri -> iri.toString().startsWith(OWN))));
        }
        JsonNode tree = trees.of(schema);
        CheckingBudget.putInto(tree, new SchemaOutline(schema));
        return registry.getSchema(tree);
    }
}

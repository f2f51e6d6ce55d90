package dev.gatehouse.mcp.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Map;

/** Compiles the schemas of tools, and fetches nothing. Each tool keeps its compiled schemas, so no cache grows here. */
public final class SchemaCompiler {

    /** The dialect's own schemas, which come with the validator. */
    private static final String OWN = "https://json-schema.org/draft/2020-12/";

    private final JsonTrees trees;
    private SchemaRegistry registry;

    /** @param mapper converts schemas and instances to JSON trees */
    public SchemaCompiler(ObjectMapper mapper) {
        this.trees = new JsonTrees(mapper);
    }

    JsonTrees trees() {
        return trees;
    }

    synchronized Schema compile(Map<String, Object> schema) {
        if (registry == null) {
            // Named here so that they are not warned of as unknown: headers are checked elsewhere, names are for people. The validator fails for an id.
            Dialect dialect = Dialect.builder(Dialects.getDraft202012()).keyword(new NonValidationKeyword("x-mcp-header"))
                .keyword(new NonValidationKeyword("enumNames")).keyword(new NonValidationKeyword("id"))
                .keyword(CheckingBudget.KEYWORD).build();
            registry = SchemaRegistry.withDefaultDialect(dialect, builder -> builder
                .schemaRegistryConfig(SchemaRegistryConfig.builder().regularExpressionFactory(new BoundedPatterns()).build())
                .schemaLoader(loader -> loader.fetchRemoteResources(false).allow(iri -> iri.toString().startsWith(OWN))));
        }
        JsonNode tree = trees.of(schema);
        CheckingBudget.putInto(tree, new SchemaOutline(schema));
        return registry.getSchema(tree);
    }

    /**
     * Makes trees of what was read from JSON, for the check by a schema. Maps, lists, texts, whole numbers and truth values, which is
     * nearly all there is, are taken over as they stand; Jackson, which writes a value out to read it in again, is left with the rest.
     */
    static final class JsonTrees {

        private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

        private final ObjectMapper mapper;

        JsonTrees(ObjectMapper mapper) {
            this.mapper = mapper;
        }

        /** @param value of any kind that Jackson can write; null is JSON's null */
        JsonNode of(Object value) {
            if (value instanceof String text) {
                return NODES.textNode(text);
            }
            if (value instanceof Map<?, ?> map) {
                return object(map);
            }
            if (value instanceof List<?> list) {
                return array(list);
            }
            if (value instanceof JsonObject json) {
                return object(json.getMap());
            }
            if (value instanceof JsonArray json) {
                return array(json.getList());
            }
            return scalar(value);
        }

        private JsonNode scalar(Object value) {
            if (value == null) {
                return NODES.nullNode();
            }
            if (value instanceof Boolean truth) {
                return NODES.booleanNode(truth);
            }
            if (value instanceof Integer number) {
                return NODES.numberNode(number.intValue());
            }
            return value instanceof Long number ? NODES.numberNode(number.longValue()) : mapper.valueToTree(value);
        }

        private ObjectNode object(Map<?, ?> map) {
            ObjectNode object = NODES.objectNode();
            map.forEach((name, value) -> object.set(String.valueOf(name), of(value)));
            return object;
        }

        private ArrayNode array(List<?> list) {
            ArrayNode array = NODES.arrayNode(list.size());
            list.forEach(value -> array.add(of(value)));
            return array;
        }
    }
}

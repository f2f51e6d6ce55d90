package dev.gatehouse.mcp.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.mcp.api.Schemas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class QuickMatchTest {

    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final List<String> TYPES = List.of("object", "array", "string", "integer", "number", "boolean", "null");

    private final SchemaCompiler compiler = new SchemaCompiler(new ObjectMapper());
    private final Random random = new Random(20261128);

    @Test
    void whatItRecognizesTheValidatorAcceptsToo() {
        int recognized = 0;
        int accepted = 0;
        for (int i = 0; i < 4_000; i++) {
            Map<String, Object> schema = schema(3);
            var validator = compiler.compile(schema);
            var quick = QuickMatch.of(schema);
            for (int k = 0; k < 10; k++) {
                Object value = value(3);
                boolean valid = validator.validate(compiler.trees().of(value)).isEmpty();
                accepted += valid ? 1 : 0;
                if (quick.test(value)) {
                    recognized++;
                    assertThat(valid).as("%s against %s", value, schema).isTrue();
                }
            }
        }
        assertThat(recognized).as("recognized of %d accepted", accepted).isGreaterThan(accepted / 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'$ref': '#'}", "{'pattern': 'a'}", "{'oneOf': [true]}", "{'format': 'date'}", "{'enum': [1]}", "{'type': 'text'}",
        "{'minimum': 0.5}", "{'uniqueItems': true}", "{'required': [null]}"})
    void aKeywordThatItDoesNotKnowIsLeftToTheValidator(String keyword) {
        assertThat(QuickMatch.of(Schemas.of(keyword.replace('\'', '"'))).test("a")).isFalse();
        assertThat(QuickMatch.of(Map.of()).test("a")).isTrue();
    }

    @Test
    void aToolsUsualResultIsRecognized() {
        var schema = Schemas.of("""
            {"type": "object", "required": ["id", "tags"], "additionalProperties": false, "properties": {
              "id": {"type": "integer", "minimum": 1}, "title": {"type": ["string", "null"], "maxLength": 10},
              "tags": {"type": "array", "items": {"type": "string", "enum": ["new", "old"]}}}}""");
        Map<String, Object> result = new LinkedHashMap<>(Map.of("id", 1L, "tags", List.of("new")));
        assertThat(QuickMatch.of(schema).test(result)).isTrue();
        result.put("title", null);
        assertThat(QuickMatch.of(schema).test(result)).isTrue();
        result.put("title", "longer than ten");
        assertThat(QuickMatch.of(schema).test(result)).isFalse();
        assertThat(new ToolSchema(compiler, schema).problem(result)).hasValueSatisfying(problem -> assertThat(problem).contains("title"));
    }

    private Map<String, Object> schema(int depth) {
        Map<String, Object> schema = new LinkedHashMap<>();
        if (random.nextInt(4) > 0) {
            schema.put("type", random.nextInt(4) > 0 ? pick(TYPES) : List.of(TYPES.get(0), TYPES.get(1 + random.nextInt(6))));
        }
        if (depth > 0 && random.nextBoolean()) {
            Map<String, Object> properties = new LinkedHashMap<>();
            NAMES.forEach(name -> {
                if (random.nextBoolean()) {
                    properties.put(name, random.nextInt(5) == 0 ? (Object) true : schema(depth - 1));
                }
            });
            schema.put("properties", properties);
        }
        if (depth > 0) {
            maybe(schema, "items", schema(depth - 1));
            maybe(schema, "additionalProperties", random.nextBoolean() ? (Object) random.nextBoolean() : schema(depth - 1));
        }
        maybe(schema, "required", List.of(pick(NAMES)));
        maybe(schema, "enum", List.of("x", "yy"));
        maybe(schema, "minLength", random.nextInt(4));
        maybe(schema, "maxLength", random.nextInt(4));
        maybe(schema, "minimum", random.nextInt(5) - 2);
        maybe(schema, "maximum", random.nextInt(5) - 2);
        maybe(schema, "description", "about it");
        return schema;
    }

    private void maybe(Map<String, Object> schema, String keyword, Object argument) {
        if (random.nextInt(7) == 0) {
            schema.put(keyword, argument);
        }
    }

    private Object value(int depth) {
        switch (random.nextInt(depth > 0 ? 10 : 8)) {
            case 0:
                return null;
            case 1:
                return random.nextBoolean();
            case 2:
                return random.nextInt(7) - 3;
            case 3:
                return (long) random.nextInt(7) - 3;
            case 4:
                return (random.nextInt(7) - 3) / 2.0;
            case 5:
                return "";
            case 6:
                return pick(List.of("x", "yy", "\uD83D\uDE00", "long text"));
            case 7:
                return Map.of();
            case 8:
                Map<String, Object> object = new LinkedHashMap<>();
                NAMES.forEach(name -> object.put(name, value(depth - 1)));
                return object;
            default:
                return new ArrayList<>(Arrays.asList(value(depth - 1), value(depth - 1)));
        }
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}

package dev.gatehouse.mcp.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.mcp.api.Schemas;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class SchemaBoundsTest {

    private static void check(String schema) {
        SchemaBounds.requireInput("tool", Schemas.of(schema));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{'type': 'object'}",
        "{'$schema': 'https://json-schema.org/draft/2020-12/schema', '$id': 'https://example.com/schema', 'type': 'object'}",
        "{'type': 'object', 'properties': {'a': {'$ref': '#/$defs/a'}}, '$defs': {'a': {'type': 'string'}}}",
        "{'type': 'object', 'properties': {'a': {'$ref': '#here'}}, '$defs': {'a': {'$anchor': 'here'}}}",
        "{'type': 'object', 'properties': {'a/b~ c': true, 'd': {'$ref': '#/properties/a~1b~0%20c'}}}",
        "{'type': 'object', 'properties': {'child': {'$ref': '#'}, 'children': {'type': 'array', 'items': {'$ref': '#'}}}}",
        "{'type': 'object', 'properties': {'a': {'pattern': '^(?=x)[a-z]+$'}, 'pattern': {'patternProperties': {'^x-': true}}}}",
        "{'type': 'object', 'properties': {'$ref': {'type': 'string'}, '$id': {'type': 'string'}}}",
        "{'type': 'object', 'examples': [{'$ref': 'https://example.com/'}], 'default': {'$ref': 'x'}}",
        "{'type': 'object', 'if': {'required': ['a']}, 'then': {'allOf': [{'anyOf': [{'not': {'oneOf': [true]}}]}]}, 'else': false}"})
    void localReferencesAndCompositionAreFine(String schema) {
        assertThatCode(() -> check(schema.replace('\'', '"'))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "https://example.com/schema", "http://127.0.0.1/schema", "other.json", "/properties/a", "file:///etc/passwd", "classpath:schema.json",
        "#/$defs/nonesuch", "#nonesuch", "#/properties", "#/%zz"})
    void aReferenceToAnythingButASchemaWithinIsRefused(String reference) {
        for (String keyword : new String[] {"$ref", "$dynamicRef"}) {
            assertThatThrownBy(() -> check(new JsonObject().put("type", "object")
                .put("properties", new JsonObject().put("a", new JsonObject().put(keyword, reference))).encode()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("tool");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{'$schema': 'http://json-schema.org/draft-07/schema#', 'type': 'object'}",
        "{'type': 'object', 'properties': {'a': {'$schema': 'https://json-schema.org/draft/2020-12/schema'}}}",
        "{'type': 'object', 'properties': {'a': {'$id': 'https://example.com/'}}}",
        "{'type': 'object', 'properties': []}", "{'type': 'object', 'properties': {'a': 5}}", "{'type': 'object', 'allOf': {}}",
        "{'type': 'object', 'properties': {'a': {'$ref': 5}}}", "{'type': 'string'}", "{}"})
    void anotherDialectAndWhatIsNoSchemaAreRefused(String schema) {
        assertThatThrownBy(() -> check(schema.replace('\'', '"'))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("tool");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{'a': {'type': 'string', 'x-mcp-header': ''}}", "{'a': {'type': 'string', 'x-mcp-header': 'A B'}}",
        "{'a': {'type': 'string', 'x-mcp-header': 'Größe'}}", "{'a': {'type': 'string', 'x-mcp-header': 5}}",
        "{'a': {'type': 'number', 'x-mcp-header': 'A'}}", "{'a': {'x-mcp-header': 'A'}}", "{'a': {'type': 'object', 'x-mcp-header': 'A'}}",
        "{'a': {'type': 'string', 'x-mcp-header': 'A'}, 'b': {'type': 'string', 'x-mcp-header': 'a'}}",
        "{'a': {'type': 'array', 'items': {'type': 'string', 'x-mcp-header': 'A'}}}",
        "{'a': {'anyOf': [{'type': 'string', 'x-mcp-header': 'A'}]}}"})
    void aParameterThatCannotBeMirroredIntoAHeaderIsRefused(String properties) {
        assertThatThrownBy(() -> check("{\"type\": \"object\", \"properties\": " + properties.replace('\'', '"') + "}"))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("x-mcp-header");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'a': {'pattern': '['}}", "{'a': {'pattern': 5}}", "{'a': {'patternProperties': {'(': true}}}"})
    void aPatternThatIsNoRegularExpressionIsRefused(String properties) {
        assertThatThrownBy(() -> check("{\"type\": \"object\", \"properties\": " + properties.replace('\'', '"') + "}"))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("pattern at #/properties/a ");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "'minimum': '^[a-z]+$'", "'exclusiveMaximum': true", "'multipleOf': 0", "'maxLength': -1", "'minItems': 1.5", "'maxProperties': '2'", "'uniqueItems': 1",
        "'enum': {}", "'required': 'b'", "'required': [1]", "'dependentRequired': {'b': 'c'}", "'type': 'text'", "'type': null", "'type': []", "'type': ['string', 5]", "'format': 7"})
    void aKeywordWithAValueThatItCannotHaveIsRefused(String keyword) {
        assertThatThrownBy(() -> check("{\"type\": \"object\", \"properties\": {\"a\": {" + keyword.replace('\'', '"') + "}}}"))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("#/properties/a/" + keyword.split("'")[1] + " ");
    }

    @Test
    void keywordsWithValuesThatTheyCanHaveAreFine() {
        assertThatCode(() -> check("""
            {"type": "object", "required": ["a"], "dependentRequired": {"a": ["b"]}, "maxProperties": 2, "properties": {
             "a": {"type": ["integer", "null"], "minimum": 0, "exclusiveMaximum": 9.5, "multipleOf": 0.5}, "minimum": {"type": "string"},
             "b": {"type": "array", "minItems": 1.0, "uniqueItems": true, "items": {"type": "string", "maxLength": 5, "format": "date", "enum": ["c"]}}}}
            """)).doesNotThrowAnyException();
    }

    @Test
    void parametersThatCanBeMirroredIntoHeadersAreFineHoweverDeep() {
        assertThatCode(() -> check("""
            {"type": "object", "properties": {"a": {"type": "string", "x-mcp-header": "A-1.b"}, "x-mcp-header": {"type": "string"},
             "properties": {"type": "object", "properties": {"items": {"type": "integer", "x-mcp-header": "Count"}}}}}""")).doesNotThrowAnyException();
    }

    @Test
    void aSchemaThatOnlyRefersToItselfIsRefused() {
        assertThatThrownBy(() -> check("{\"type\": \"object\", \"$ref\": \"#\"}")).hasMessageContaining("itself");
        assertThatThrownBy(() -> check("""
            {"type": "object", "allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"not": {"$ref": "#/$defs/b"}}, "b": {"if": {"$ref": "#/$defs/a"}}}}"""))
            .hasMessageContaining("itself");
    }

    /** Each definition comes by the next one twice. */
    private static String doubling(int levels) {
        JsonObject definitions = new JsonObject().put("d0", new JsonObject().put("type", "object"));
        for (int i = 1; i <= levels; i++) {
            JsonObject next = new JsonObject().put("$ref", "#/$defs/d" + (i - 1));
            definitions.put("d" + i, new JsonObject().put("allOf", new JsonArray().add(next).add(next.copy())));
        }
        return new JsonObject().put("type", "object").put("$ref", "#/$defs/d" + levels).put("$defs", definitions).encode();
    }

    @Test
    void compositionThatMultipliesIsRefused() {
        assertThatCode(() -> check(doubling(6))).doesNotThrowAnyException();
        assertThatThrownBy(() -> check(doubling(40))).hasMessageContaining("look at one value");
    }

    @Test
    void depthAndNumberAreBounded() {
        JsonObject deep = new JsonObject();
        for (int i = 0; i < 40; i++) {
            deep = new JsonObject().put("properties", new JsonObject().put("a", deep));
        }
        String tooDeep = deep.put("type", "object").encode();
        assertThatThrownBy(() -> check(tooDeep)).hasMessageContaining("one in another");
        JsonObject wide = new JsonObject();
        for (int i = 0; i < 999; i++) {
            wide.put("p" + i, true);
        }
        JsonObject schema = new JsonObject().put("type", "object").put("properties", wide);
        assertThatCode(() -> check(schema.encode())).doesNotThrowAnyException();
        wide.put("more", true);
        assertThatThrownBy(() -> check(schema.encode())).hasMessageContaining("1000");
    }

    @Test
    void nothingIsFetchedEvenByACompilerThatIsHandedAReference() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'{', '}'});
            exchange.close();
        });
        server.start();
        try {
            String elsewhere = "http://127.0.0.1:" + server.getAddress().getPort() + "/schema";
            ToolSchema schema = new ToolSchema(new SchemaCompiler(new ObjectMapper()),
                Map.of("type", "object", "properties", Map.of("a", Map.of("$ref", elsewhere))));
            assertThatThrownBy(() -> schema.problem(Map.of("a", 1))).isInstanceOf(RuntimeException.class);
            assertThat(requests).hasValue(0);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aRecursiveSchemaStillChecksValues() {
        ToolSchema schema = new ToolSchema(new SchemaCompiler(new ObjectMapper()), Schemas.of("""
            {"type": "object", "properties": {"name": {"type": "string", "x-mcp-header": "Name"}, "child": {"$ref": "#"}}}"""));
        assertThat(schema.problem(Map.of("child", Map.of("child", Map.of("name", "x"))))).isEmpty();
        assertThat(schema.problem(Map.of("child", Map.of("child", Map.of("name", 5))))).isPresent();
    }

    /** Lists of lists, so deep. */
    private static Map<String, Object> nested(int depth) {
        return depth == 0 ? Map.of() : Map.of("of", List.of(nested(depth - 1)));
    }

    @Test
    void checkingAValueEndsHoweverOftenASchemaRefersToItself() {
        String[] kinds = {"'kind': {'const': 'a'}", "'kind': {'const': 'b'}", "'kind': {'type': 'string'}"};
        String branches = Stream.of(kinds).map(kind -> "{'properties': {" + kind + ", 'of': {'items': {'$ref': '#'}}}}").collect(Collectors.joining(","));
        String source = "{'type': 'object', 'anyOf': [" + branches + "], 'allOf': [" + branches + "]}";
        Map<String, Object> parsed = Schemas.of(source.replace('\'', '"'));
        assertThatCode(() -> SchemaBounds.requireInput("tool", parsed)).doesNotThrowAnyException();
        ToolSchema schema = new ToolSchema(new SchemaCompiler(new ObjectMapper()), parsed);
        assertThat(schema.problem(nested(3))).isEmpty();
        assertThat(schema.problem(nested(40))).hasValueSatisfying(problem -> assertThat(problem).contains("too deep"));
        assertThat(schema.problem(nested(3))).isEmpty();
    }

    @Test
    void aTreeOfThousandsOfValuesIsChecked() {
        ToolSchema schema = new ToolSchema(new SchemaCompiler(new ObjectMapper()), Schemas.of("""
            {"type": "object", "properties": {"of": {"type": "array", "items": {"$ref": "#"}}}}"""));
        List<Map<String, Object>> many = Collections.nCopies(5_000, nested(1));
        assertThat(schema.problem(Map.of("of", many))).isEmpty();
        assertThat(schema.problem(Map.of("of", List.of(Map.of("of", "none"))))).isPresent();
    }

    /** Some of these take longer than the sun will shine, and one more stack than a thread has. */
    @ParameterizedTest
    @ValueSource(strings = {"^(a+)+$", "^(a|a)*$", "^(([a-z])+.)+[A-Z]$", "^(a|b)*$", "(x+x+)+y", "^(.*a){20}$", "(a*)*b", "^(?=(a+)+$)"})
    void patternOfASchemaEndsWhateverTextACallerSends(String pattern) {
        String quoted = new JsonObject().put("type", "object").put("properties", new JsonObject()
            .put("text", new JsonObject().put("type", "string").put("pattern", pattern))
            .put("list", new JsonObject().put("type", "array").put("items", new JsonObject().put("pattern", pattern))))
            .put("patternProperties", new JsonObject().put(pattern, new JsonObject())).encode();
        ToolSchema schema = new ToolSchema(new SchemaCompiler(new ObjectMapper()), Schemas.of(quoted));
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (String hostile : List.of("a".repeat(60) + "!", "x".repeat(60))) {
                assertThat(schema.problem(Map.of("text", hostile))).isPresent();
                schema.problem(Map.of(hostile, 1));
                schema.problem(Map.of("list", Collections.nCopies(10_000, hostile)));
            }
            schema.problem(Map.of("text", "ab".repeat(200_000)));
        });
    }

    @Test
    void lookaheadAnchorsAndLongTextsMatchAsBefore() {
        ToolSchema schema = new ToolSchema(new SchemaCompiler(new ObjectMapper()), Schemas.of("""
            {"type": "object", "properties": {"password": {"pattern": "^(?=.*[A-Z])(?=.*[0-9]).{8,}$"}, "word": {"pattern": "^[a-z]+$"},
             "any": {"pattern": "needle"}}, "patternProperties": {"^x-": {"type": "integer"}}, "additionalProperties": true}"""));
        assertThat(schema.problem(Map.of("password", "Passw0rdlong", "word", "abc", "x-a", 1))).isEmpty();
        assertThat(schema.problem(Map.of("password", "password"))).isPresent();
        assertThat(schema.problem(Map.of("word", "abc\n"))).as("the end is the end").isPresent();
        assertThat(schema.problem(Map.of("x-a", "one"))).isPresent();
        assertThat(schema.problem(Map.of("word", "a".repeat(1_000_000), "any", "hay".repeat(300_000) + "needle"))).isEmpty();
        assertThat(schema.problem(Map.of("word", "a".repeat(1_000_000) + "1"))).hasValueSatisfying(
            problem -> assertThat(problem).contains("pattern"));
    }
}

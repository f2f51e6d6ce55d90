package dev.gatehouse.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

final class HeaderMirrorTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {"us-west1|us-west1", "us west 1|us west 1",
        "Hello, 世界|=?base64?SGVsbG8sIOS4lueVjA==?=", " padded |=?base64?IHBhZGRlZCA=?=", "=?base64?literal?=|=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="})
    void valuesAreEncodedAsTheSpecificationShows(String value, String header) {
        assertThat(HeaderMirror.encode(value)).isEqualTo(header);
    }

    @Test
    void lineBreaksNeverReachAHeader() {
        assertThat(HeaderMirror.encode("a\r\nX: y")).startsWith("=?base64?").doesNotContain("\n");
    }

    @Test
    void annotatedArgumentsAreRepeatedAtAnyDepthAndAbsentOnesAreNot() {
        JsonObject schema = new JsonObject("""
            {"properties": {"region": {"type": "string", "x-mcp-header": "Region"}, "plain": {"type": "string"},
              "absent": {"type": "string", "x-mcp-header": "Absent"}, "none": {"type": "boolean", "x-mcp-header": "None"},
              "in": {"type": "object", "properties": {"count": {"type": "integer", "x-mcp-header": "Count"}}}}}
            """);
        assertThat(HeaderMirror.problem(schema)).isEmpty();
        JsonObject arguments = new JsonObject("{\"region\": \"eu\", \"plain\": \"x\", \"none\": null, \"in\": {\"count\": 7}}");
        assertThat(HeaderMirror.headers(schema, arguments)).isEqualTo(Map.of("Mcp-Param-Region", "eu", "Mcp-Param-Count", "7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'a': {'type': 'string', 'x-mcp-header': ''}}", "{'a': {'type': 'string', 'x-mcp-header': 'a b'}}",
        "{'a': {'type': 'number', 'x-mcp-header': 'A'}}", "{'a': {'type': 'object', 'x-mcp-header': 'A'}}",
        "{'a': {'type': 'string', 'x-mcp-header': 'A'}, 'b': {'type': 'string', 'x-mcp-header': 'a'}}",
        "{'a': {'type': 'array', 'items': {'type': 'object', 'properties': {'b': {'type': 'string', 'x-mcp-header': 'B'}}}}}"})
    void wrongAnnotationsAreFound(String properties) {
        assertThat(HeaderMirror.problem(new JsonObject("{\"properties\": " + properties.replace('\'', '"') + "}"))).isPresent();
    }
}

package dev.gatehouse.client.session;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Repeats tool arguments in HTTP headers, as the tool's input schema asks by {@code x-mcp-header} (2026-07-28, Streamable HTTP). Pure. */
final class HeaderMirror {

    private static final String ANNOTATION = "x-mcp-header";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Set<String> PRIMITIVES = Set.of("string", "integer", "boolean");
    private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7E]([\\x20-\\x7E]*[\\x21-\\x7E])?|");
    private static final Pattern SENTINEL = Pattern.compile("=\\?base64\\?.*\\?=");

    private HeaderMirror() {
    }

    /** Returns the reason to leave a tool out; empty when its annotations are valid. */
    static Optional<String> problem(JsonObject inputSchema) {
        return problem(inputSchema, true, new HashSet<>());
    }

    private static Optional<String> problem(Object schema, boolean reachable, Set<String> names) {
        if (schema instanceof JsonArray several) {
            return several.stream().map(each -> problem(each, false, names)).flatMap(Optional::stream).findFirst();
        }
        if (!(schema instanceof JsonObject object)) {
            return Optional.empty();
        }
        for (String key : object.fieldNames()) {
            boolean properties = key.equals("properties") && object.getValue(key) instanceof JsonObject;
            Optional<String> problem = properties ? ofProperties(object.getJsonObject(key), reachable, names)
                : problem(object.getValue(key), false, names);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> ofProperties(JsonObject properties, boolean reachable, Set<String> names) {
        for (String key : properties.fieldNames()) {
            if (properties.getValue(key) instanceof JsonObject property) {
                Optional<String> problem = property.containsKey(ANNOTATION) ? annotation(property, reachable, names) : Optional.empty();
                problem = problem.isPresent() ? problem : problem(property, reachable, names);
                if (problem.isPresent()) {
                    return problem.map(text -> text.startsWith("property") ? text : "property " + key + ": " + text);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> annotation(JsonObject property, boolean reachable, Set<String> names) {
        if (!(property.getValue(ANNOTATION) instanceof String name) || !TOKEN.matcher(name).matches()) {
            return Optional.of("x-mcp-header is not a header name");
        }
        if (!PRIMITIVES.contains(String.valueOf(property.getValue("type")))) {
            return Optional.of("x-mcp-header is on a type other than string, integer and boolean");
        }
        if (!names.add(name.toLowerCase(Locale.ROOT))) {
            return Optional.of("x-mcp-header has a name that another property has");
        }
        return reachable ? Optional.empty() : Optional.of("x-mcp-header is at a place that not every call has");
    }

    /** The headers {@code Mcp-Param-…} of a call. Absent and null arguments have none. */
    static Map<String, String> headers(JsonObject inputSchema, JsonObject arguments) {
        Map<String, String> headers = new LinkedHashMap<>();
        collect(inputSchema, arguments, headers);
        return headers;
    }

    private static void collect(JsonObject schema, JsonObject values, Map<String, String> headers) {
        if (!(schema.getValue("properties") instanceof JsonObject properties)) {
            return;
        }
        for (String key : properties.fieldNames()) {
            if (properties.getValue(key) instanceof JsonObject property) {
                Object value = values.getValue(key);
                if (property.getValue(ANNOTATION) instanceof String name && value != null) {
                    headers.put("Mcp-Param-" + name, encode(value.toString()));
                }
                if (value instanceof JsonObject nested) {
                    collect(property, nested, headers);
                }
            }
        }
    }

    /** A header value that any recipient reads as this text: itself, or its Base64 form. */
    static String encode(String value) {
        return PLAIN.matcher(value).matches() && !SENTINEL.matcher(value).matches() ? value
            : "=?base64?" + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)) + "?=";
    }
}

package dev.gatehouse.client.doctor;

import dev.gatehouse.shared.flight.Exchange;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The protocol in each era, and the tools with schemas that model APIs refuse. */
final class ProtocolChecks {

    private static final int MOST_TOOLS = 128;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final Pattern PROPERTY = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");
    private static final Set<String> HOSTS = Set.of("claude-web", "claude-code", "chatgpt", "vscode", "cursor", "codex", "gemini-cli");
    private static final String TOOLS = "MCP 2025-11-25, tools";
    private static final String MODELS = "; function calling of model APIs";

    static final List<Check> ALL = List.of(
        new Check("token-accepted", "The MCP endpoint takes the token", "RFC 6750 §2.1", Breaks.ALL,
            "Check the token's issuer, audience and key as the authorization server sets them; the challenge says what was refused.",
            evidence -> evidence.needsToken() ? Check.of(Step.INITIALIZE, answer -> Outcome.when(answer.status() != 401 && answer.status() != 403,
                answer.summary() + " " + answer.header("www-authenticate"))).apply(evidence) : Outcome.skipped("the server needs no token")),
        new Check("initialize", "initialize is answered", "MCP 2025-11-25, lifecycle", HOSTS, "Answer initialize with protocolVersion, capabilities and serverInfo.",
            Check.of(Step.INITIALIZE, answer -> answer.status() == 401 || answer.status() == 403 ? Check.NOT_REACHED : Outcome.when(answer.result()
                .filter(result -> result.getValue("protocolVersion") instanceof String && result.getValue("capabilities") instanceof JsonObject).isPresent(), answer.summary()))),
        new Check("initialize-earlier", "Clients of 2025-03-26 get a revision that they can decline", "MCP 2025-11-25, version negotiation", Breaks.NONE,
            "Answer initialize with the requested revision, or with another that the server has.",
            Check.of(Step.INITIALIZE_EARLIER, answer -> answer.status() == 401 || answer.status() == 403 ? Check.NOT_REACHED
                : Outcome.when(answer.result().filter(result -> result.getValue("protocolVersion") instanceof String).isPresent(), answer.summary()))),
        new Check("discover", "server/discover is answered, or refused as JSON-RPC or by status 400", "MCP 2026-07-28, versioning", Breaks.NONE,
            "Answer server/discover with the supported revisions; earlier servers answer 400 or an error, not a server error.",
            Check.of(Step.DISCOVER, answer -> answer.status() == 401 || answer.status() == 403 ? Check.NOT_REACHED
                : Outcome.when(answer.message().isPresent() || answer.status() / 100 == 4, answer.summary()))),
        new Check("tools-list", "tools/list is answered with a list", TOOLS, HOSTS, "Answer with {\"tools\": [...]}.",
            Check.of(Step.TOOLS, answer -> Outcome.when(answer.message().filter(message -> message.containsKey("error")).isPresent()
                || answer.result().filter(result -> result.getValue("tools") instanceof JsonArray).isPresent(), answer.summary()))),
        new Check("tool-names", "Tool names are 1 to 64 letters, digits, _ or -", TOOLS + MODELS, HOSTS, "Rename the tools; hosts add a prefix, so stay well below 64.",
            tools((tool, seen) -> {
                if (!(tool.getValue("name") instanceof String name) || !NAME.matcher(name).matches()) {
                    seen.add(String.valueOf(tool.getValue("name")));
                }
            })),
        new Check("tool-names-unique", "Tool names are unique", TOOLS, HOSTS, "Give each tool a name of its own.", evidence -> all(evidence, list -> {
            List<String> names = list.stream().map(tool -> String.valueOf(tool.getValue("name"))).toList();
            return names.stream().filter(name -> names.indexOf(name) != names.lastIndexOf(name)).distinct().toList();
        })),
        new Check("tool-count", "There are at most " + MOST_TOOLS + " tools", "limit of model APIs", Set.of("gemini-cli", "chatgpt", "vscode"),
            "Offer fewer tools, or sets of them.", evidence -> all(evidence, list -> list.size() > MOST_TOOLS ? List.of(list.size() + " tools") : List.of())),
        new Check("tool-schema", "Each inputSchema is an object schema", TOOLS + ": type is \"object\"", HOSTS, "Add \"type\": \"object\", also for tools without parameters.",
            tools((tool, seen) -> {
                if (!(tool.getValue("inputSchema") instanceof JsonObject schema) || !"object".equals(schema.getValue("type"))) {
                    seen.add(tool.getValue("name") + ": " + tool.getValue("inputSchema"));
                }
            })),
        new Check("tool-schema-combinators", "No inputSchema has oneOf, anyOf or allOf at the top", "function calling of model APIs", HOSTS,
            "Write one object schema, with the alternatives in its properties.",
            tools((tool, seen) -> {
                if (tool.getValue("inputSchema") instanceof JsonObject schema) {
                    Stream.of("oneOf", "anyOf", "allOf", "not", "enum").filter(schema::containsKey).forEach(word -> seen.add(tool.getValue("name") + ": " + word));
                }
            })),
        new Check("tool-schema-items", "Each array has items", "function calling of model APIs", Set.of("chatgpt", "vscode", "gemini-cli", "codex"), "Add \"items\".",
            schemas((path, schema, seen) -> {
                if ("array".equals(schema.getValue("type")) && !schema.containsKey("items") && !schema.containsKey("prefixItems")) {
                    seen.accept(path, "array without items");
                }
            })),
        new Check("tool-schema-properties", "Property names are 1 to 64 letters, digits, _, . or -", "function calling of model APIs", Set.of("claude-web", "claude-code"),
            "Rename the properties.",
            schemas((path, schema, seen) -> {
                if (schema.getValue("properties") instanceof JsonObject properties) {
                    properties.fieldNames().stream().filter(name -> !PROPERTY.matcher(name).matches()).forEach(name -> seen.accept(path, "property " + name));
                }
            })),
        new Check("tool-schema-references", "References stay in the schema", TOOLS, HOSTS, "Write the referenced schemas into $defs.",
            schemas((path, schema, seen) -> {
                if (schema.getValue("$ref") instanceof String reference && !reference.startsWith("#")) {
                    seen.accept(path, "$ref " + reference);
                }
            })));

    private ProtocolChecks() {
    }

    private interface SchemaRule {
        void apply(String path, JsonObject schema, BiConsumer<String, String> seen);
    }

    private static Outcome all(Evidence evidence, Function<List<JsonObject>, List<String>> rule) {
        return evidence.first(Step.TOOLS).flatMap(Exchange::result).filter(result -> result.getValue("tools") instanceof JsonArray).map(result -> {
            List<String> seen = rule.apply(result.getJsonArray("tools").stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast).toList());
            return Outcome.when(seen.isEmpty(), String.join("; ", seen));
        }).orElse(Check.NOT_REACHED);
    }

    private static Function<Evidence, Outcome> tools(BiConsumer<JsonObject, List<String>> rule) {
        return evidence -> all(evidence, list -> {
            List<String> seen = new ArrayList<>();
            list.forEach(tool -> rule.accept(tool, seen));
            return seen;
        });
    }

    private static Function<Evidence, Outcome> schemas(SchemaRule rule) {
        return tools((tool, seen) -> visit(tool.getValue("name") + "", tool.getValue("inputSchema"), rule, (path, text) -> seen.add(path + ": " + text)));
    }

    /** Visits a schema and all that it contains. */
    private static void visit(String path, Object schema, SchemaRule rule, BiConsumer<String, String> seen) {
        if (schema instanceof JsonObject object) {
            rule.apply(path, object, seen);
            object.forEach(member -> visit(path + "." + member.getKey(), member.getValue(), rule, seen));
        } else if (schema instanceof JsonArray list) {
            list.forEach(element -> visit(path, element, rule, seen));
        }
    }
}

package dev.gatehouse.it.frontdoor;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.Profile;
import dev.gatehouse.shared.config.SchemaNode;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Generates from the schemas the tables of docs/configuration.md, and the keys that an example in conf/ lacks. */
final class ConfigurationReference {

    static final Path FILE = Product.ROOT.resolve("docs/configuration.md");
    static final List<String> SERVERS = List.of("authz", "resource");

    private static final Pattern TABLE = Pattern.compile("(?s)(<!-- Generated from (schema/\\w+\\.json); .*? -->\n).*?(?=<!-- End -->)");

    private ConfigurationReference() {
    }

    /** Run by {@code ./gatehouse-dev docs}. */
    public static void main(String[] arguments) throws IOException {
        Files.writeString(FILE, withFreshTables(Files.readString(FILE)));
        for (String server : SERVERS) {
            JsonObject completed = completed(server);
            if (!completed.equals(ConfigFile.read(example(server)))) {
                Files.writeString(example(server), pretty(completed) + "\n");
            }
        }
    }

    private static String pretty(JsonObject json) throws IOException {
        Separators separators = Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER)
            .withArrayEmptySeparator("").withObjectEmptySeparator("");
        return new ObjectMapper().writer(new DefaultPrettyPrinter(separators).withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE))
            .writeValueAsString(new JsonObject(json.encode()).getMap());
    }

    static Path example(String server) {
        return Product.ROOT.resolve("conf").resolve(server + ".json");
    }

    /** The text of docs/configuration.md with the tables that the schemas demand now. */
    static String withFreshTables(String text) {
        return TABLE.matcher(text).replaceAll(table -> Matcher.quoteReplacement(table.group(1) + table(table)));
    }

    private static String table(MatchResult place) {
        StringBuilder table = new StringBuilder("\n| Key | Value | Default | Meaning |\n|---|---|---|---|\n");
        keys(place.group(2)).stream().filter(key -> !key.node.isSection()).forEach(key -> table.append(key.row()).append('\n'));
        return table.append('\n').toString();
    }

    /** The example with each key that has a default; keys that it has keep their values. */
    static JsonObject completed(String server) {
        return complete(new SchemaNode(ConfigFile.schema("schema/" + server + ".json")), ConfigFile.read(example(server)));
    }

    private static JsonObject complete(SchemaNode schema, JsonObject example) {
        JsonObject complete = new JsonObject();
        schema.properties().forEach((key, node) -> {
            Object value = example.getValue(key, node.defaultIn(Profile.DEMO));
            if (node.isSection() && (value != null || !node.json().containsKey("required"))) {
                value = complete(node, value == null ? new JsonObject() : (JsonObject) value);
            }
            if (value != null) {
                complete.put(key, value);
            }
        });
        return complete;
    }

    /** All keys of a schema, sections included. */
    static List<Key> keys(String schemaResource) {
        List<Key> keys = new ArrayList<>();
        collect(new SchemaNode(ConfigFile.schema(schemaResource)), "", keys);
        return keys;
    }

    private static void collect(SchemaNode schema, String prefix, List<Key> keys) {
        for (Map.Entry<String, SchemaNode> entry : schema.properties().entrySet()) {
            Key key = new Key(prefix + entry.getKey(), entry.getValue());
            keys.add(key);
            collect(key.node, key.path + ".", keys);
            collect(key.node.items(), key.path + "[].", keys);
        }
    }

    /** A key with its sections, such as {@code tokens.accessTokenSeconds} or {@code scopes[].name}. */
    record Key(String path, SchemaNode node) {

        /** Its row in the reference. */
        String row() {
            Object production = node.defaultIn(Profile.PRODUCTION);
            Object demo = node.defaultIn(Profile.DEMO);
            String defaults = production == null ? "" : code(production);
            if (demo != null && !demo.equals(production)) {
                defaults += (defaults.isEmpty() ? "" : "; ") + "demo " + code(demo);
            }
            return "| `" + path + "` | " + cell(node.expected()) + " | " + defaults + " | " + cell(node.description()) + " |";
        }

        private static String code(Object value) {
            return "`" + cell(Json.encode(value)) + "`";
        }

        private static String cell(String text) {
            return text.replace("|", "\\|");
        }
    }
}

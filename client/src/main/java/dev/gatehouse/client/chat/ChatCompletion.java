package dev.gatehouse.client.chat;

import dev.gatehouse.client.session.McpConnection;
import dev.gatehouse.client.skill.Skills;
import io.vertx.core.Future;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Proposes what can follow in an unfinished line of the chat. Prompts and resources of a server are listed again for each proposal. */
final class ChatCompletion {

    private final List<String> commands;
    private final Collection<String> servers;
    private final Map<String, McpConnection> connections;
    private final Map<String, List<JsonObject>> tools;

    /**
     * @param commands those behind {@code /mcp}
     * @param servers names of the configured servers
     * @param connections by the names of their servers; it may change
     * @param tools of the connected servers; it may change
     */
    ChatCompletion(List<String> commands, Collection<String> servers, Map<String, McpConnection> connections,
               Map<String, List<JsonObject>> tools) {
        this.commands = commands;
        this.servers = servers;
        this.connections = connections;
        this.tools = tools;
    }

    /** The last words that a line can have, instead of the unfinished one at its end. */
    Future<List<String>> words(String line) {
        String[] words = line.stripLeading().split(" +", 5);
        if (words.length == 1) {
            return Future.succeededFuture(List.of("/mcp", "/help", "/quit"));
        }
        if (!words[0].equals("/mcp")) {
            return Future.succeededFuture(List.of());
        }
        if (words.length == 2) {
            return Future.succeededFuture(commands);
        }
        McpConnection connection = connections.get(words[2]);
        return switch (words[1] + words.length) {
            case "read3" -> uris(connections.size() == 1 ? connections.values().iterator().next() : null, words[2])
                .map(uris -> Stream.concat(servers.stream(), uris.stream()).toList());
            case "read4" -> uris(connection, words[3]);
            case "call4" -> Future.succeededFuture(texts(tools.getOrDefault(words[2], List.of()), "name"));
            case "prompt4" -> connection == null ? none() : connection.prompts().map(prompts -> texts(prompts, "name"));
            case "skill4" -> connection == null || Skills.of(connection).isEmpty() ? none() : connection.skills().map(skills -> texts(skills, "uri"));
            case "call5" -> toolArguments(named(tools.getOrDefault(words[2], List.of()), words[3]), words[4]);
            case "prompt5" -> connection == null ? none()
                : connection.prompts().compose(prompts -> promptArguments(connection, named(prompts, words[3]), words[4]));
            default -> Future.succeededFuture(words.length == 3 && !words[1].equals("servers") ? List.copyOf(servers) : List.of());
        };
    }

    private static Future<List<String>> none() {
        return Future.succeededFuture(List.of());
    }

    private static List<String> texts(List<JsonObject> items, String key) {
        return items.stream().map(item -> item.getString(key)).toList();
    }

    private static JsonObject named(List<JsonObject> items, String name) {
        return items.stream().filter(item -> name.equals(item.getString("name"))).findFirst().orElse(new JsonObject());
    }

    private static Future<List<String>> toolArguments(JsonObject tool, String text) {
        JsonObject properties = tool.getValue("inputSchema") instanceof JsonObject schema && schema.getValue("properties") instanceof JsonObject object
            ? object : new JsonObject();
        return arguments(properties.fieldNames(), text, cursor -> Future.succeededFuture(
            properties.getValue(cursor.name()) instanceof JsonObject property ? values(property) : List.of()));
    }

    /** The values that a schema names, as JSON. */
    private static List<String> values(JsonObject schema) {
        if (schema.getValue("enum") instanceof JsonArray choices) {
            return choices.stream().map(Json::encode).toList();
        }
        if (schema.containsKey("const") || schema.containsKey("default")) {
            return List.of(Json.encode(schema.containsKey("const") ? schema.getValue("const") : schema.getValue("default")));
        }
        return "boolean".equals(schema.getValue("type")) ? List.of("true", "false") : List.of();
    }

    private static Future<List<String>> promptArguments(McpConnection connection, JsonObject prompt, String text) {
        List<String> names = prompt.getJsonArray("arguments", new JsonArray()).stream().map(argument -> ((JsonObject) argument).getString("name")).toList();
        JsonObject reference = new JsonObject().put("type", "ref/prompt").put("name", prompt.getString("name"));
        return arguments(names, text, cursor -> {
            JsonObject given = new JsonObject();
            cursor.given().forEach((name, value) -> given.put(name, value.replaceAll("^\"|\"$", "")));
            String typed = text.substring(cursor.start());
            return connection.complete(reference, cursor.name(), typed.startsWith("\"") ? typed.substring(1) : typed, given)
                .map(values -> values.stream().map(Json::encode).toList());
        });
    }

    /** Names that are not given yet, or the values of the one that is. */
    private static Future<List<String>> arguments(Collection<String> names, String text, Function<JsonCursor, Future<List<String>>> values) {
        Optional<JsonCursor> cursor = JsonCursor.at(text);
        if (cursor.isEmpty()) {
            return none();
        }
        String head = text.substring(0, cursor.get().start());
        Future<List<String>> proposals = cursor.get().name() != null ? values.apply(cursor.get())
            : Future.succeededFuture(names.stream().filter(name -> !cursor.get().given().containsKey(name))
                .map(name -> (head.isBlank() ? "{" : "") + Json.encode(name) + ":").toList());
        return proposals.map(found -> lastWords(text, found.stream().map(proposal -> head + proposal)));
    }

    /** A proposal takes the place of the last word: the words before it have to be those that are typed. */
    private static List<String> lastWords(String text, Stream<String> whole) {
        int word = text.lastIndexOf(' ') + 1;
        return whole.filter(proposal -> proposal.startsWith(text.substring(0, word))).map(proposal -> proposal.substring(word)).toList();
    }

    private static Future<List<String>> uris(McpConnection connection, String typed) {
        if (connection == null || !connection.hasCapability("resources")) {
            return none();
        }
        return connection.resources().compose(resources -> connection.resourceTemplates().otherwise(List.of()).compose(templates -> {
            List<Future<List<String>>> found = new ArrayList<>(List.of(Future.succeededFuture(texts(resources, "uri"))));
            templates.forEach(template -> found.add(expansions(connection, template.getString("uriTemplate", ""), typed)));
            return Future.all(found).map(all -> all.<List<String>>list().stream().flatMap(List::stream).distinct().toList());
        }));
    }

    private static Future<List<String>> expansions(McpConnection connection, String template, String typed) {
        List<String> fixed = List.of(UriCursor.fixedPart(template));
        return UriCursor.at(template, typed).map(cursor -> {
            JsonObject given = new JsonObject();
            cursor.given().forEach(given::put);
            return connection.complete(new JsonObject().put("type", "ref/resource").put("uri", template), cursor.name(), cursor.value(), given)
                .map(values -> values.isEmpty() ? fixed : values.stream().map(cursor::with).toList());
        }).orElse(Future.succeededFuture(fixed));
    }
}

package dev.gatehouse.client.chat;

import dev.gatehouse.client.config.McpConfig;
import dev.gatehouse.client.config.ServerEntry;
import dev.gatehouse.client.connect.ClientProcess;
import dev.gatehouse.client.connect.Contents;
import dev.gatehouse.client.session.McpConnection;
import dev.gatehouse.client.skill.Skills;
import dev.gatehouse.client.terminal.Terminal;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** The servers of a chat, and its commands. */
final class ChatSession {

    private static final String HELP = """
        /mcp servers                    list the configured servers
        /mcp connect NAME               connect, and sign in where the server asks for it
        /mcp tools NAME                 list the tools
        /mcp call NAME TOOL [JSON]      call a tool; without JSON its arguments are asked for
        /mcp resources NAME             list the resources
        /mcp read [NAME] URI            read a resource
        /mcp prompts NAME               list the prompts
        /mcp prompt NAME PROMPT [JSON]  show the messages of a prompt; without JSON its arguments are asked for
        /mcp skills NAME                list the skills
        /mcp skill NAME URI             load a skill for the model
        /mcp disconnect NAME            end the connection
        /mcp logout NAME                end the connection and forget its tokens
        /help, /quit
        Any other text goes to the model.""";
    private static final String NO_MODEL = "No model is configured: start the chat with --model-url and --model, as in"
        + " gatehouse chat --model-url http://localhost:11434/v1 --model NAME. The commands work without one; /help lists them.";
    private static final List<String> COMMANDS = List.of("servers", "connect", "tools", "call", "resources", "read", "prompts", "prompt", "skills", "skill", "disconnect", "logout");

    private final ClientProcess client;
    private final Terminal terminal;
    private final McpConfig config;
    private final Model model;
    private final Conversation conversation;
    private final Map<String, McpConnection> connections = new LinkedHashMap<>();
    private final Map<String, List<JsonObject>> tools = new LinkedHashMap<>();

    /** @param model null for none */
    ChatSession(ClientProcess client, McpConfig config, Model model, int rounds) {
        this.client = client;
        this.terminal = client.terminal();
        this.config = config;
        this.model = model;
        this.conversation = new Conversation(model, terminal, rounds);
    }

    /** Does what a line says. */
    Future<Void> handle(String line) {
        if (line.isEmpty()) {
            return Future.succeededFuture();
        }
        if (!line.startsWith("/")) {
            return model == null ? show(NO_MODEL) : conversation.say(line, toolbox()).compose(this::show);
        }
        String[] words = line.split(" +", 5);
        if (!words[0].equals("/mcp") || words.length < 2) {
            return show(HELP);
        }
        String name = words.length > 2 ? words[2] : "";
        return switch (words[1]) {
            case "servers" -> servers();
            case "connect" -> connect(name);
            case "tools" -> open(name).compose(McpConnection::tools).compose(found -> {
                tools.put(name, found);
                return list(found, "name");
            });
            case "call" -> words.length < 4 ? show(HELP) : call(name, words[3], words.length > 4 ? words[4] : null);
            case "resources" -> open(name).compose(McpConnection::resources).compose(found -> list(found, "uri"));
            case "read" -> read(name, words.length > 3 ? words[3] : null);
            case "prompts" -> open(name).compose(McpConnection::prompts).compose(found -> list(found, "name"));
            case "prompt" -> words.length < 4 ? show(HELP) : prompt(name, words[3], words.length > 4 ? words[4] : null);
            case "skills" -> skills(name).compose(Skills::list).compose(found -> list(found.stream().map(skill ->
                new JsonObject().put("uri", skill.uri()).put("description", skill.description())).toList(), "uri"));
            case "skill" -> words.length < 4 ? show(HELP) : loadSkill(name, words[3]);
            case "disconnect" -> disconnect(name).compose(done -> show("Disconnected from " + name + "."));
            case "logout" -> logOut(name);
            default -> show(HELP);
        };
    }

    private Future<Void> show(String text) {
        if (terminal instanceof LineEditor editor) {
            editor.result(text);
        } else {
            terminal.note(text);
        }
        return Future.succeededFuture();
    }

    private Future<Void> servers() {
        if (config.servers().isEmpty()) {
            return show("No server is configured. " + McpConfig.FILE + " of this directory or of the data home names servers; so does --config.");
        }
        config.servers().forEach(server -> show((connections.containsKey(server.name()) ? "* " : "  ") + server.name() + "  " + server.transport()
            + "  " + server.address()));
        return Future.succeededFuture();
    }

    private Future<Void> connect(String name) {
        if (connections.containsKey(name)) {
            return show("Already connected to " + name + ".");
        }
        return Future.succeededFuture(name).map(this::entry)
            .compose(server -> client.connect(server, model == null ? null : conversation::sample)).compose(connection -> {
                connections.put(name, connection);
                return connection.tools().map(found -> tools.put(name, found)).otherwiseEmpty()
                    .compose(listed -> show("Connected to " + name + ": revision " + connection.version() + ", "
                        + tools.getOrDefault(name, List.of()).size() + " tools."));
            });
    }

    private ServerEntry entry(String name) {
        return config.server(name).orElseThrow(() -> new ChatMistake("There is no server " + name + ". /mcp servers lists them."));
    }

    private Future<McpConnection> open(String name) {
        McpConnection connection = connections.get(name);
        return connection != null ? Future.succeededFuture(connection)
            : Future.failedFuture(new ChatMistake("Not connected to " + name + ". Type: /mcp connect " + (name.isEmpty() ? "NAME" : name)));
    }

    private Future<Void> list(List<JsonObject> items, String key) {
        if (items.isEmpty()) {
            return show("There are none.");
        }
        items.forEach(item -> show("  " + item.getString(key) + "  " + item.getString("description", item.getString("title", ""))
            .replaceAll("\\s+", " ")));
        return Future.succeededFuture();
    }

    private Future<Void> call(String name, String tool, String json) {
        return open(name).compose(connection -> (json == null ? askArguments(connection, name, tool) : Future.succeededFuture(json).map(ChatSession::parse))
            .compose(arguments -> connection.callTool(tool, arguments, client.progress())))
            .compose(result -> show((Boolean.TRUE.equals(result.getValue("isError")) ? "The tool failed: " : "")
                + String.join("\n", Contents.lines(result))));
    }

    private static JsonObject parse(String json) {
        try {
            return new JsonObject(json);
        } catch (DecodeException | ClassCastException e) {
            throw new ChatMistake("The arguments are not a JSON object: " + json);
        }
    }

    private Future<JsonObject> askArguments(McpConnection connection, String name, String tool) {
        return connection.tools().compose(found -> {
            tools.put(name, found);
            JsonObject schema = found.stream().filter(each -> tool.equals(each.getString("name"))).findFirst()
                .orElseThrow(() -> new ChatMistake("There is no tool " + tool + ". Type: /mcp tools " + name))
                .getJsonObject("inputSchema", new JsonObject());
            Queue<String> names = new ArrayDeque<>(schema.getJsonObject("properties", new JsonObject()).fieldNames());
            return askNext(schema, names, new JsonObject());
        });
    }

    private Future<JsonObject> askNext(JsonObject schema, Queue<String> names, JsonObject arguments) {
        String name = names.poll();
        if (name == null) {
            return Future.succeededFuture(arguments);
        }
        boolean required = schema.getJsonArray("required", new JsonArray()).contains(name);
        return client.elicitation().field(name, schema.getJsonObject("properties").getJsonObject(name), required)
            .compose(value -> askNext(schema, names, value == null ? arguments : arguments.put(name, value)));
    }

    private Future<Void> read(String first, String second) {
        String name = second != null ? first : connections.size() == 1 ? connections.keySet().iterator().next() : "";
        return open(name).compose(connection -> connection.readResource(second != null ? second : first)).compose(result -> {
            result.getJsonArray("contents", new JsonArray()).stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast)
                .forEach(content -> show(content.getString("text", content.getString("blob", ""))));
            return Future.succeededFuture();
        });
    }

    private Future<Void> prompt(String name, String prompt, String json) {
        return open(name).compose(connection -> (json == null ? askArguments(connection, prompt) : Future.succeededFuture(json).map(ChatSession::parse))
            .compose(arguments -> connection.prompt(prompt, arguments))).compose(result -> {
                result.getJsonArray("messages", new JsonArray()).stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast)
                    .forEach(message -> show(message.getString("role") + ": " + String.join("\n", Contents.lines(listed(message)))));
                return Future.succeededFuture();
            });
    }

    /** The content of a prompt's message is one block, that of a result a list. */
    private static JsonObject listed(JsonObject message) {
        Object content = message.getValue("content");
        return new JsonObject().put("content", content instanceof JsonArray ? content : JsonArray.of(content));
    }

    private Future<Skills> skills(String name) {
        return open(name).map(connection -> Skills.of(connection).orElseThrow(() -> new ChatMistake("The server " + name + " has no skills.")));
    }

    /** A skill is text of a server that the model follows: the user agrees to what the entry says before it is fetched. */
    private Future<Void> loadSkill(String name, String uri) {
        return skills(name).compose(skills -> skills.get(uri).compose(skill -> {
            terminal.note("Skill " + skill.uri() + " of " + name + ": " + skill.frontmatter().encode());
            return terminal.ask("Load it for the model? [y/N] ").compose(answer -> answer.strip().equalsIgnoreCase("y") ? skills.load(skill).compose(text -> {
                conversation.load(name, skill.uri(), text);
                return show(text);
            }) : show("Not loaded."));
        }));
    }

    /** Arguments of prompts are texts. */
    private Future<JsonObject> askArguments(McpConnection connection, String prompt) {
        return connection.prompts().compose(found -> {
            JsonObject properties = new JsonObject();
            JsonArray required = new JsonArray();
            found.stream().filter(each -> prompt.equals(each.getString("name"))).findFirst()
                .orElseThrow(() -> new ChatMistake("There is no prompt " + prompt + "."))
                .getJsonArray("arguments", new JsonArray()).stream().map(JsonObject.class::cast).forEach(argument -> {
                    properties.put(argument.getString("name"), argument);
                    if (argument.getBoolean("required", false)) {
                        required.add(argument.getString("name"));
                    }
                });
            return askNext(new JsonObject().put("properties", properties).put("required", required), new ArrayDeque<>(properties.fieldNames()), new JsonObject());
        });
    }

    private Future<Void> disconnect(String name) {
        tools.remove(name);
        McpConnection connection = connections.remove(name);
        return connection == null ? Future.succeededFuture() : connection.close();
    }

    private Future<Void> logOut(String name) {
        return Future.succeededFuture(name).map(this::entry).compose(server -> disconnect(name).compose(closed -> client.connector().logOut(server)))
            .compose(was -> show(was ? "Logged out of " + name + "." : "There was no login at " + name + "."));
    }

    private Toolbox toolbox() {
        Toolbox toolbox = new Toolbox();
        tools.forEach((name, list) -> list.forEach(tool -> toolbox.add(name, connections.get(name), tool)));
        return toolbox;
    }

    /** Proposals for unfinished lines. */
    ChatCompletion completion() {
        return new ChatCompletion(COMMANDS, config.servers().stream().map(ServerEntry::name).toList(), connections, tools);
    }

    Future<Void> close() {
        return Future.join(connections.values().stream().map(McpConnection::close).toList()).<Void>mapEmpty().otherwiseEmpty();
    }

    /** A line that cannot be done as it is typed. */
    private static final class ChatMistake extends RuntimeException {

        ChatMistake(String message) {
            super(message, null, false, false);
        }
    }
}

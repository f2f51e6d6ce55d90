package dev.gatehouse.client.terminal;

import dev.gatehouse.client.http.CallException;
import dev.gatehouse.client.http.SecureUrl;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;

/** Puts the questions of servers to the person: forms field by field, and pages elsewhere, whose address is shown before. */
public final class Elicitation {

    private static final JsonObject DECLINE = new JsonObject().put("action", "decline");
    private final Terminal terminal;
    private final SystemBrowser browser;

    /** @param browser null to show addresses alone */
    public Elicitation(Terminal terminal, SystemBrowser browser) {
        this.terminal = terminal;
        this.browser = browser;
    }

    /** Takes the parameters of {@code elicitation/create}; returns its result. */
    public Future<JsonObject> ask(JsonObject params) {
        if (!terminal.isInteractive()) {
            return Future.succeededFuture(new JsonObject().put("action", "cancel"));
        }
        terminal.note("The server asks: " + params.getString("message", ""));
        if ("url".equals(params.getValue("mode"))) {
            return page(params.getString("url", ""));
        }
        JsonObject schema = params.getJsonObject("requestedSchema", new JsonObject());
        Queue<String> names = new ArrayDeque<>(schema.getJsonObject("properties", new JsonObject()).fieldNames());
        return agrees("Answer?").compose(yes -> yes
            ? fields(schema, names, new JsonObject()).map(content -> new JsonObject().put("action", "accept").put("content", content))
            : Future.succeededFuture(DECLINE));
    }

    private Future<JsonObject> page(String address) {
        terminal.note("It wants you to open " + address);
        URI url;
        try {
            url = SecureUrl.requirePage(address, "The address of a page");
        } catch (CallException refused) {
            terminal.note(refused.getMessage() + ". The request is declined.");
            return Future.succeededFuture(DECLINE);
        }
        Future<Boolean> opened = browser == null ? Future.succeededFuture(true) : agrees("Open the page of " + url.getHost() + " in the browser?")
            .compose(yes -> yes ? browser.open(url).map(started -> {
                if (!started) {
                    terminal.note("No browser was started. Visit the address yourself.");
                }
                return true;
            }) : Future.succeededFuture(false));
        return opened.compose(yes -> yes ? agrees("Have you done what the page of " + url.getHost() + " asks?") : Future.succeededFuture(false))
            .map(done -> done ? new JsonObject().put("action", "accept") : DECLINE);
    }

    private Future<Boolean> agrees(String question) {
        return terminal.ask(question + " [y/N] ").map(answer -> answer.strip().equalsIgnoreCase("y"));
    }

    private Future<JsonObject> fields(JsonObject schema, Queue<String> names, JsonObject content) {
        String name = names.poll();
        if (name == null) {
            return Future.succeededFuture(content);
        }
        return field(name, schema.getJsonObject("properties").getJsonObject(name), isRequired(schema, name))
            .compose(value -> fields(schema, names, value == null ? content : content.put(name, value)));
    }

    private static boolean isRequired(JsonObject schema, String name) {
        return schema.getValue("required") instanceof JsonArray required && required.contains(name);
    }

    /** Asks for one value until it fits the schema; null for one that is left out. Also asks for arguments of tools. */
    public Future<Object> field(String name, JsonObject schema, boolean required) {
        List<String> choices = choices(schema);
        String title = schema.getString("title", name) + (schema.containsKey("description") ? " (" + schema.getString("description") + ")" : "")
            + (choices.isEmpty() ? "" : " " + choices) + (schema.containsKey("default") ? " [" + schema.getValue("default") + "]" : "")
            + (required ? ": " : ", optional: ");
        return terminal.ask(title).compose(line -> {
            if (line.isBlank() && (schema.containsKey("default") || !required)) {
                return Future.succeededFuture(schema.getValue("default"));
            }
            Object value = FieldValue.parse(schema, line, choices);
            if (value == null) {
                terminal.note("Expected " + FieldValue.expected(schema, choices) + ".");
                return field(name, schema, required);
            }
            return Future.succeededFuture(value);
        });
    }

    private static List<String> choices(JsonObject schema) {
        JsonObject source = schema.getValue("items") instanceof JsonObject items ? items : schema;
        List<String> choices = new ArrayList<>();
        Stream.of("enum", "oneOf", "anyOf").map(source::getValue).filter(JsonArray.class::isInstance).map(JsonArray.class::cast)
            .forEach(list -> list.forEach(each -> choices.add(each instanceof JsonObject object ? String.valueOf(object.getValue("const")) : String.valueOf(each))));
        return choices;
    }
}

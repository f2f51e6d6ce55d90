package dev.gatehouse.client.connect;

import dev.gatehouse.client.session.McpConnection;
import dev.gatehouse.shared.cli.Listing;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.PrintWriter;
import java.util.List;

/** Prints results, for people or as JSON. Returns exit codes. */
final class ResultPrinter {

    private static final int SHORTEST_CUT = 100;
    private final PrintWriter out;
    private final boolean json;

    ResultPrinter(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    int server(McpConnection connection) {
        JsonObject told = connection.server();
        if (json) {
            return print(told.copy().put("protocolVersion", connection.version()));
        }
        JsonObject info = info(told);
        Listing.field(out, "server", info.getString("name", "") + " " + info.getString("version", ""));
        Listing.field(out, "revision", connection.version());
        Listing.field(out, "capabilities", String.join(" ", told.getJsonObject("capabilities", new JsonObject()).fieldNames()));
        if (told.getValue("instructions") instanceof String instructions) {
            Listing.field(out, "instructions", instructions.replaceAll("\\s+", " "));
        }
        return 0;
    }

    /** The newest revision has it in {@code _meta}. */
    private static JsonObject info(JsonObject told) {
        if (told.getValue("serverInfo") instanceof JsonObject info) {
            return info;
        }
        return told.getValue("_meta") instanceof JsonObject meta && meta.getValue("io.modelcontextprotocol/serverInfo") instanceof JsonObject info
            ? info : new JsonObject();
    }

    int offers(List<JsonObject> tools, List<JsonObject> resources, List<JsonObject> prompts, List<JsonObject> skills) {
        if (json) {
            JsonObject all = new JsonObject().put("tools", new JsonArray(tools)).put("resources", new JsonArray(resources)).put("prompts", new JsonArray(prompts));
            return print(skills.isEmpty() ? all : all.put("skills", new JsonArray(skills)));
        }
        Listing listing = new Listing("kind", "name", "description");
        tools.forEach(tool -> listing.add("tool", tool.getString("name"), description(tool)));
        resources.forEach(resource -> listing.add("resource", resource.getString("uri"), description(resource)));
        prompts.forEach(prompt -> listing.add("prompt", prompt.getString("name"), description(prompt)));
        skills.forEach(skill -> listing.add("skill", skill.getString("uri"), description(skill.getJsonObject("frontmatter", new JsonObject()))));
        listing.print(out, new Listing.Format());
        return 0;
    }

    private static String description(JsonObject offer) {
        String text = offer.getString("description", offer.getString("title", "")).replaceAll("\\s+", " ").strip();
        return text.length() <= SHORTEST_CUT ? text : text.substring(0, SHORTEST_CUT - 1) + "…";
    }

    int toolResult(JsonObject result) {
        if (json) {
            print(result);
        } else {
            Contents.lines(result).forEach(out::println);
            out.flush();
        }
        return Boolean.TRUE.equals(result.getValue("isError")) ? ClientProcess.TOOL_FAILED : 0;
    }

    int resource(JsonObject result) {
        if (json) {
            return print(result);
        }
        result.getJsonArray("contents", new JsonArray()).stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast)
            .forEach(content -> out.println(content.getString("text", content.getString("blob", ""))));
        out.flush();
        return 0;
    }

    private int print(JsonObject value) {
        out.println(value.encodePrettily());
        out.flush();
        return 0;
    }
}

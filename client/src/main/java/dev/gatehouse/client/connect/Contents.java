package dev.gatehouse.client.connect;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/** The content blocks of a result, as text. Pure. */
public final class Contents {

    private Contents() {
    }

    /** One text for each block; what is no text is named by its kind and size. */
    public static List<String> lines(JsonObject result) {
        return result.getValue("content") instanceof JsonArray content
            ? content.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast).map(Contents::line).toList() : List.of();
    }

    private static String line(JsonObject block) {
        return switch (block.getString("type", "")) {
            case "text" -> block.getString("text", "");
            case "image", "audio" -> "[" + block.getString("type") + " " + block.getString("mimeType", "") + ", "
                + block.getString("data", "").length() * 3L / 4 + " bytes]";
            case "resource_link" -> "[resource " + block.getString("uri", "") + "]";
            case "resource" -> resource(block.getJsonObject("resource", new JsonObject()));
            default -> block.encode();
        };
    }

    private static String resource(JsonObject resource) {
        return resource.getString("text", "[resource " + resource.getString("uri", "") + "]");
    }
}

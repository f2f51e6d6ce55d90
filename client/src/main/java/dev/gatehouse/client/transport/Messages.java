package dev.gatehouse.client.transport;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/** JSON-RPC messages as servers write them. */
final class Messages {

    private Messages() {
    }

    /** The messages of a text: one, or those of a batch, which revision 2025-03-26 knows. @throws CallFailure when it is neither */
    static List<JsonObject> parse(Buffer text) {
        try {
            Object value = Json.decodeValue(text);
            if (value instanceof JsonObject message) {
                return List.of(message);
            }
            if (value instanceof JsonArray batch && batch.stream().allMatch(JsonObject.class::isInstance)) {
                return batch.stream().map(JsonObject.class::cast).toList();
            }
        } catch (DecodeException e) {
            throw new CallFailure("The server sent a message that is not JSON", e);
        }
        throw new CallFailure("The server sent a message that is not JSON-RPC");
    }

    static boolean isRequest(JsonObject message) {
        return message.containsKey("id") && message.containsKey("method");
    }

    /** Returns true for the response to a request with this id. */
    static boolean answers(JsonObject message, Object requestId) {
        return !message.containsKey("method") && same(message.getValue("id"), requestId);
    }

    private static boolean same(Object first, Object second) {
        return first instanceof Number one && second instanceof Number two ? one.longValue() == two.longValue() : second.equals(first);
    }
}

package dev.gatehouse.mcp.jsonrpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonpCharacterEscapes;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors.BadMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.vertx.core.json.jackson.VertxModule;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bytes to JSON-RPC messages and back, in one pass each way. A {@link Batch} is read as one only where it is expected. Bytes that are no
 * message end in {@link BadMessage} and in nothing else; every response can be written.
 */
public final class MessageCodec {

    private static final int LONGEST_ID = 256;
    private static final String NOTIFICATION = "notifications/";
    /** Bytes that a message may take in memory once it is read: four megabytes of text or numbers do, even with a heap of 256 MB. */
    private static final long MOST_WEIGHT = Math.max(16L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 16);

    private final JsonFactory factory;
    private final ObjectMapper mapper;

    /** @param jsonDepth deepest nesting that a message may have */
    public MessageCodec(int jsonDepth) {
        factory = new JsonFactoryBuilder()
            // JSON is UTF-8 (RFC 8259 §8.1); guessing would take what a guard before this server has read as something else.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            // Names come from anyone, and what is interned stays.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(jsonDepth).build())
            // U+2028 and U+2029 end a line for some readers of lines.
            .characterEscapes(JsonpCharacterEscapes.instance())
            .build();
        mapper = new ObjectMapper(factory);
        mapper.registerModule(new VertxModule());
        mapper.registerModule(new SimpleModule().addSerializer(new ResponseSerializer()).addSerializer(new ToolResultSerializer()));
    }

    /** The mapper itself, for what must agree with it. */
    public ObjectMapper mapper() {
        return mapper;
    }

    /**
     * JSON that has been read, and is not yet known to be a message.
     *
     * @param weight bytes that it takes in memory, roughly
     */
    public record Json(Object value, long weight) {

        /** Returns true for a possible batch. */
        public boolean isArray() {
            return value instanceof List;
        }
    }

    /**
     * Reads one message.
     *
     * @param bytes JSON text in UTF-8
     * @throws BadMessage if it is not one
     */
    public JSONRPCMessage decode(byte[] bytes) {
        return decode(parse(bytes));
    }

    /** As {@link #decode(byte[])}, of what has been parsed. */
    public JSONRPCMessage decode(Json parsed) {
        Object json = parsed.value();
        if (json instanceof List) {
            throw new BadMessage(JsonRpcErrors.INVALID_REQUEST, null, "Batches are not supported in this revision: send one message at a time");
        }
        if (!(json instanceof Map<?, ?> message)) {
            throw new BadMessage(JsonRpcErrors.INVALID_REQUEST, null, "A message is a JSON object");
        }
        return toMessage(message);
    }

    /**
     * Reads a batch. What of it is no message, or cannot be in one, is among the refusals.
     *
     * @throws BadMessage if it is no array, or has no members or too many
     */
    public Batch decodeBatch(Json parsed) {
        if (!(parsed.value() instanceof List<?> members) || members.isEmpty() || members.size() > Batch.MOST) {
            throw new BadMessage(JsonRpcErrors.INVALID_REQUEST, null, "A batch is an array of 1 to " + Batch.MOST + " messages");
        }
        List<JSONRPCMessage> messages = new ArrayList<>();
        List<JSONRPCResponse> refusals = new ArrayList<>();
        for (Object member : members) {
            try {
                messages.add(requireMember(member));
            } catch (BadMessage e) {
                refusals.add(e.response());
            }
        }
        return new Batch(messages, refusals);
    }

    private static JSONRPCMessage requireMember(Object member) {
        if (!(member instanceof Map<?, ?> object)) {
            throw new BadMessage(JsonRpcErrors.INVALID_REQUEST, null, "A message is a JSON object");
        }
        JSONRPCMessage message = toMessage(object);
        if (message instanceof JSONRPCRequest request && request.method().equals("initialize")) {
            throw new BadMessage(JsonRpcErrors.INVALID_REQUEST, request.id(), "initialize cannot be part of a batch");
        }
        return message;
    }

    /** Returns true if the text has only white space and a byte order mark. */
    public static boolean isBlank(byte[] bytes) {
        for (int i = JsonReader.start(bytes); i < bytes.length; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r' && bytes[i] != '\n') {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads JSON, which is nearly all of the work of reading a message.
     *
     * @param bytes JSON text in UTF-8
     * @throws BadMessage if it is not JSON, or beyond a bound
     */
    public Json parse(byte[] bytes) {
        try {
            return JsonReader.read(factory, bytes, MOST_WEIGHT);
        } catch (StreamConstraintsException e) {
            throw new BadMessage(JsonRpcErrors.INVALID_REQUEST, null,
                "The message is nested too deeply, has too many values, or has an overlong value");
        } catch (IOException e) {
            throw new BadMessage(JsonRpcErrors.PARSE_ERROR, null, "Not valid JSON, or a name occurs twice in one object");
        }
    }

    private static JSONRPCMessage toMessage(Map<?, ?> message) {
        Object id = requireId(message);
        if (!"2.0".equals(message.get("jsonrpc"))) {
            throw new BadMessage(JsonRpcErrors.INVALID_REQUEST, id, "\"jsonrpc\" must be \"2.0\"");
        }
        Object method = message.get("method");
        if (method instanceof String name) {
            Object params = requireParams(message, id);
            return id == null ? new JSONRPCNotification("2.0", name, params) : new JSONRPCRequest("2.0", name, id, params);
        }
        if (method == null && isResponse(message)) {
            return toResponse(message, id);
        }
        throw new BadMessage(JsonRpcErrors.INVALID_REQUEST, id, "Neither a request, nor a notification, nor a response");
    }

    private static boolean isResponse(Map<?, ?> message) {
        return message.containsKey("result") || message.containsKey("error");
    }

    /**
     * A member that is null is the same as none. An error may come without an id (2025-11-25, schema, JSONRPCErrorResponse). What is wrong
     * with a response is told without its id, which is one of the server's own.
     */
    private static JSONRPCResponse toResponse(Map<?, ?> message, Object id) {
        Object result = message.get("result");
        if (message.get("error") == null && result != null && id != null) {
            return new JSONRPCResponse("2.0", id, result, null);
        }
        if (result == null && message.get("error") instanceof Map<?, ?> error && error.get("code") instanceof Integer code
            && error.get("message") instanceof String text) {
            return JsonRpcErrors.response(id, new JSONRPCError(code, text, error.get("data")));
        }
        throw new BadMessage(JsonRpcErrors.INVALID_REQUEST, null,
            "A response must have either a result and an id, or an error with a code and a message");
    }

    /** An id is a string or an integer. MCP has no null ids, so null means none where there need not be one. */
    private static Object requireId(Map<?, ?> message) {
        Object id = message.get("id");
        if (id instanceof Integer || id instanceof Long || id instanceof String text && text.length() <= LONGEST_ID) {
            return id;
        }
        Object method = message.get("method");
        boolean mayBeNull = method == null ? isResponse(message) : method instanceof String name && name.startsWith(NOTIFICATION);
        if (id == null && (mayBeNull || !message.containsKey("id"))) {
            return null;
        }
        throw new BadMessage(JsonRpcErrors.INVALID_REQUEST, null, "\"id\" must be an integer or a string of at most 256 characters");
    }

    private static Object requireParams(Map<?, ?> message, Object id) {
        Object params = message.get("params");
        if (params == null || params instanceof Map) {
            return params;
        }
        throw new BadMessage(id == null ? JsonRpcErrors.INVALID_REQUEST : JsonRpcErrors.INVALID_PARAMS, id, "\"params\" must be an object");
    }

    /** A record as the object that it is written as. */
    public Map<String, Object> toMap(Object value) {
        return mapper.convertValue(value, new TypeReference<>() {
        });
    }

    /**
     * A value that is part of many messages, encoded once.
     *
     * @throws IllegalArgumentException if it cannot be written as JSON
     */
    public JsonSerializable constant(Object value) {
        try {
            return new RawValue(new SerializedString(mapper.writeValueAsString(value)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("A constant cannot be written as JSON", e);
        }
    }

    /**
     * Writes one message as JSON without line breaks. A response can always be written.
     *
     * @throws IllegalArgumentException if what a request or notification carries cannot be written as JSON
     */
    public byte[] encode(JSONRPCMessage message) {
        Object wire = message instanceof JSONRPCResponse response && response.id() == JsonRpcErrors.NO_ID ? withNullId(response) : message;
        try {
            return mapper.writeValueAsBytes(wire);
        } catch (JsonProcessingException e) {
            return encodeInstead(message, e);
        }
    }

    /** A result that is no JSON (a cycle, say) must still be answered. */
    private byte[] encodeInstead(JSONRPCMessage message, JsonProcessingException failure) {
        if (message instanceof JSONRPCResponse response && (response.error() == null || response.error().data() != null)) {
            return encode(JsonRpcErrors.response(response.id(), JsonRpcErrors.INTERNAL_ERROR,
                Failures.tell("Writing the result", null, failure)));
        }
        throw new IllegalArgumentException("What the message carries cannot be written as JSON", failure);
    }

    private static Map<String, Object> withNullId(JSONRPCResponse response) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("jsonrpc", "2.0");
        message.put("id", null);
        message.put("error", response.error());
        return message;
    }
}

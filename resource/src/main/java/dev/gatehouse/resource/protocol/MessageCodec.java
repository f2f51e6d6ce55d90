package dev.gatehouse.resource.protocol;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bytes to JSON-RPC messages and back, in one pass each way. A {@link Batch} is read as one only where it is expected.
 */
public final class MessageCodec {

    private static final int LONGEST_ID = 256;

    private final ObjectMapper mapper;

    /** @param jsonDepth deepest nesting that a message may have */
    public MessageCodec(int jsonDepth) {
        JsonFactory factory = JsonFactory.builder()
            // JSON is UTF-8 (RFC 8259 §8.1); guessing would take what a guard before this server has read as something else.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(jsonDepth).build())
            .build();
        mapper = new ObjectMapper(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        mapper.registerModule(new SimpleModule().addSerializer(new ToolResultSerializer()));
    }

    /** The mapper itself, for what must agree with it. */
    public ObjectMapper mapper() {
        return mapper;
    }

    /**
     * Reads one message.
     *
     * @param bytes JSON text in UTF-8
     * @throws BadMessage if it is not one
     */
    public JSONRPCMessage decode(byte[] bytes) {
        Object json = parse(bytes);
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
     * @param bytes JSON text in UTF-8
     * @throws BadMessage if it is no array, or has no members or too many
     */
    public Batch decodeBatch(byte[] bytes) {
        if (!(parse(bytes) instanceof List<?> members) || members.isEmpty() || members.size() > Batch.MOST) {
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

    private Object parse(byte[] bytes) {
        try {
            return mapper.readValue(bytes, Object.class);
        } catch (StreamConstraintsException e) {
            throw new BadMessage(JsonRpcErrors.INVALID_REQUEST, null, "The message is nested too deeply or has an overlong value");
        } catch (IOException e) {
            throw new BadMessage(JsonRpcErrors.PARSE_ERROR, null, "Not valid JSON");
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
        if (method == null && id != null && message.containsKey("result") != message.containsKey("error")) {
            return new JSONRPCResponse("2.0", id, message.get("result"), toError(message, id));
        }
        throw new BadMessage(JsonRpcErrors.INVALID_REQUEST, id, "Neither a request, nor a notification, nor a response");
    }

    /** An id is a string or an integer (MCP: never null). */
    private static Object requireId(Map<?, ?> message) {
        Object id = message.get("id");
        if (id instanceof Integer || id instanceof Long || id instanceof String text && text.length() <= LONGEST_ID) {
            return id;
        }
        if (id == null && !message.containsKey("id")) {
            return null;
        }
        throw new BadMessage(JsonRpcErrors.INVALID_REQUEST, null, "\"id\" must be an integer or a string of at most 256 characters");
    }

    private static Object requireParams(Map<?, ?> message, Object id) {
        Object params = message.get("params");
        if (params == null && !message.containsKey("params") || params instanceof Map) {
            return params;
        }
        throw new BadMessage(id == null ? JsonRpcErrors.INVALID_REQUEST : JsonRpcErrors.INVALID_PARAMS, id, "\"params\" must be an object");
    }

    private static JSONRPCError toError(Map<?, ?> message, Object id) {
        if (!message.containsKey("error")) {
            return null;
        }
        if (message.get("error") instanceof Map<?, ?> error && error.get("code") instanceof Integer code
            && error.get("message") instanceof String text) {
            return new JSONRPCError(code, text, error.get("data"));
        }
        throw new BadMessage(JsonRpcErrors.INVALID_REQUEST, id, "\"error\" must have a code and a message");
    }

    /** A record as the object that it is written as. */
    public Map<String, Object> toMap(Object value) {
        return mapper.convertValue(value, new TypeReference<>() {
        });
    }

    /** Writes one message as JSON without line breaks. */
    public byte[] encode(JSONRPCMessage message) {
        try {
            if (message instanceof JSONRPCResponse response && response.id() == JsonRpcErrors.NO_ID) {
                return mapper.writeValueAsBytes(withNullId(response));
            }
            return mapper.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            return encodeInstead(message, e);
        }
    }

    /** A result that is no JSON (a cycle, say) must still be answered. */
    private byte[] encodeInstead(JSONRPCMessage message, JsonProcessingException failure) {
        if (message instanceof JSONRPCResponse response && response.error() == null) {
            return encode(JsonRpcErrors.response(response.id(), JsonRpcErrors.INTERNAL_ERROR,
                Failures.tell("Writing the result", null, failure)));
        }
        throw new IllegalStateException("A message could not be written as JSON", failure);
    }

    private static Map<String, Object> withNullId(JSONRPCResponse response) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("jsonrpc", "2.0");
        message.put("id", null);
        message.put("error", response.error());
        return message;
    }
}

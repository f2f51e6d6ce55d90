package dev.gatehouse.mcp.jsonrpc;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;

import java.io.IOException;
import java.lang.reflect.Type;
import java.util.Map;

/**
 * The mapper that the SDK's server converts parameters with. What {@link Parameters} has already made into the right type
 * passes through untouched; what does not convert is the caller's mistake and becomes an invalid-params error.
 */
public final class WireMapper implements McpJsonMapper {

    private final ObjectMapper mapper;

    public WireMapper(ObjectMapper mapper) {
        this.mapper = mapper.copy().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    /** For what a call keeps while it runs. */
    public KeptValues keptValues() {
        return new KeptValues(Map.of(), mapper);
    }

    @Override
    public <T> T convertValue(Object value, Class<T> type) {
        return type.isInstance(value) ? type.cast(value) : convert(value, type);
    }

    @Override
    public <T> T convertValue(Object value, TypeRef<T> type) {
        return convert(value, type.getType());
    }

    @SuppressWarnings("unchecked")
    private <T> T convert(Object value, Type type) {
        if (value == null) {
            throw JsonRpcErrors.exception(JsonRpcErrors.INVALID_PARAMS, "Parameters are missing");
        }
        if (value.getClass() == type) {
            return (T) value;
        }
        try {
            return mapper.convertValue(value, mapper.constructType(type));
        } catch (IllegalArgumentException e) {
            throw JsonRpcErrors.exception(JsonRpcErrors.INVALID_PARAMS, "Invalid parameters");
        }
    }

    @Override
    public <T> T readValue(String content, Class<T> type) throws IOException {
        return mapper.readValue(content, type);
    }

    @Override
    public <T> T readValue(byte[] content, Class<T> type) throws IOException {
        return mapper.readValue(content, type);
    }

    @Override
    public <T> T readValue(String content, TypeRef<T> type) throws IOException {
        return mapper.readValue(content, mapper.constructType(type.getType()));
    }

    @Override
    public <T> T readValue(byte[] content, TypeRef<T> type) throws IOException {
        return mapper.readValue(content, mapper.constructType(type.getType()));
    }

    @Override
    public String writeValueAsString(Object value) throws IOException {
        return mapper.writeValueAsString(value);
    }

    @Override
    public byte[] writeValueAsBytes(Object value) throws IOException {
        return mapper.writeValueAsBytes(value);
    }
}

package dev.gatehouse.mcp.jsonrpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.mcp.api.Inputs;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What a call keeps of its own between its rounds: small, and JSON. */
public final class KeptValues {

    private final Map<String, Object> values;
    private final ObjectMapper mapper;

    /** @param earlier what earlier rounds have kept */
    public KeptValues(Map<String, ?> earlier, ObjectMapper mapper) {
        this.values = new ConcurrentHashMap<>(earlier);
        this.mapper = mapper;
    }

    /** Throws {@link CallRefused} if it is too much, and {@link IllegalArgumentException} if it is no JSON. */
    public void keep(String name, Object value) {
        values.put(name, value);
        try {
            if (mapper.writeValueAsString(values).length() > Inputs.KEPT_CHARACTERS) {
                values.remove(name);
                throw new CallRefused("The tool has more to keep between the rounds of a call than the " + Inputs.KEPT_CHARACTERS
                    + " characters that it may");
            }
        } catch (JsonProcessingException e) {
            values.remove(name);
            throw new IllegalArgumentException("What a call keeps must be JSON", e);
        }
    }

    public Optional<Object> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** All of it. */
    public Map<String, Object> all() {
        return Map.copyOf(values);
    }
}

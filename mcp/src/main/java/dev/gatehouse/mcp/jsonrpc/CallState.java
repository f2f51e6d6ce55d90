package dev.gatehouse.mcp.jsonrpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.mcp.api.Inputs;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The values that a call keeps between its rounds: small, and JSON. */
public final class CallState {

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {
    };

    private final Map<String, Object> values = new ConcurrentHashMap<>();
    private final ObjectMapper mapper;

    /** @param earlier values of earlier rounds */
    public CallState(Map<String, ?> earlier, ObjectMapper mapper) {
        if (!earlier.isEmpty()) {
            values.putAll(earlier);
        }
        this.mapper = mapper;
    }

    /**
     * Keeps a value as the next round will read it. Throws {@link CallRefused} if it is too much, and {@link IllegalArgumentException} if it
     * is no JSON; what was kept before stays then.
     */
    public void keep(String name, Object value) {
        Map<String, Object> next = new HashMap<>(values);
        next.put(name, value);
        try {
            String json = mapper.writeValueAsString(next);
            Map<String, Object> read = mapper.readValue(json, OBJECT);
            if (json.length() > Inputs.KEPT_CHARACTERS) {
                throw new CallRefused("A call may keep at most " + Inputs.KEPT_CHARACTERS
                    + " characters between its rounds");
            }
            values.compute(name, (same, before) -> read.get(name));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("What a call keeps must be JSON", e);
        }
    }

    /** Returns the kept value of a name; empty if there is none. */
    public Optional<Object> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** All of it. */
    public Map<String, Object> all() {
        return Map.copyOf(values);
    }
}

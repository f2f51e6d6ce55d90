package dev.gatehouse.mcp.stateful;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.mcp.feature.DeclaredCapabilities;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors.BadMessage;
import dev.gatehouse.mcp.stateful.StatefulSession.Handshake;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The part of {@code initialize} that the server uses. A session keeps it for its whole life, so it is small, however much the client sends.
 */
final class ClientOutline {

    private static final int LONGEST_TEXT = 256;
    private static final Set<String> INFO = Set.of("name", "title", "version");
    private static final Map<String, Set<String>> CAPABILITIES = Map.of("elicitation", Set.of("form", "url"),
        "roots", Set.of("listChanged"), "sampling", Set.of("context", "tools"));

    private ClientOutline() {
    }

    /** Throws {@link BadMessage} if a parameter is missing or ill-typed. */
    static Handshake read(JSONRPCRequest initialize, ObjectMapper mapper) {
        if (!(initialize.params() instanceof Map<?, ?> params) || !(params.get("protocolVersion") instanceof String version)
            || !(params.get("clientInfo") instanceof Map) || !isObjectOrNull(params, "capabilities")) {
            throw new BadMessage(JsonRpcErrors.INVALID_PARAMS, initialize.id(), "initialize needs protocolVersion, capabilities and clientInfo");
        }
        Map<String, Object> outline = of(params);
        try {
            mapper.convertValue(outline, InitializeRequest.class);
        } catch (IllegalArgumentException e) {
            throw new BadMessage(JsonRpcErrors.INVALID_PARAMS, initialize.id(), "The initialize parameters are ill-typed");
        }
        return new Handshake(StatefulVersions.isKnown(version) ? version : StatefulVersions.newest(),
            new DeclaredCapabilities((Map<?, ?>) outline.get("capabilities")));
    }

    private static boolean isObjectOrNull(Map<?, ?> params, String name) {
        return params.get(name) instanceof Map || params.containsKey(name) && params.get(name) == null;
    }

    /** @param params of {@code initialize}, as received; a member of the wrong type keeps its type */
    static Map<String, Object> of(Map<?, ?> params) {
        Map<String, Object> outline = new LinkedHashMap<>();
        outline.put("protocolVersion", small(params.get("protocolVersion")));
        outline.put("clientInfo", members(params.get("clientInfo"), INFO));
        outline.put("capabilities", capabilities(params.get("capabilities")));
        return outline;
    }

    private static Object capabilities(Object declared) {
        Map<String, Object> known = new LinkedHashMap<>();
        if (declared instanceof Map<?, ?> all) {
            CAPABILITIES.forEach((name, within) -> {
                if (all.containsKey(name)) {
                    known.put(name, members(all.get(name), within));
                }
            });
        }
        return known;
    }

    private static Object members(Object value, Set<String> names) {
        if (!(value instanceof Map<?, ?> object)) {
            return small(value);
        }
        Map<String, Object> known = new LinkedHashMap<>();
        names.stream().filter(object::containsKey).forEach(name -> known.put(name, small(object.get(name))));
        return known;
    }

    private static Object small(Object value) {
        if (value instanceof String text) {
            return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
        }
        return value instanceof Map ? Map.of() : value instanceof List ? List.of() : value;
    }
}

package dev.gatehouse.mcp.stateful;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code initialize} says of a client, without what this server has no use for. A session keeps it for as long as it lives, so it is small,
 * however much the client sends.
 */
final class ClientOutline {

    private static final int LONGEST_TEXT = 256;
    private static final Set<String> INFO = Set.of("name", "title", "version");
    private static final Map<String, Set<String>> CAPABILITIES = Map.of("elicitation", Set.of("form", "url"),
        "roots", Set.of("listChanged"), "sampling", Set.of("context", "tools"));

    private ClientOutline() {
    }

    /** @param params of {@code initialize}, as they came; what is of the wrong type stays so */
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

package dev.gatehouse.mcp.stateless;

import java.util.Map;

/** How long and for whom clients may keep results (2026-07-28, caching). */
final class Caching {

    /** What is the same for everybody and changes with a deployment, or is told of when it does. */
    static final Map<String, Object> PUBLIC = Map.of("ttlMs", 60_000, "cacheScope", "public");
    /** What is one user's, and may change at any time from elsewhere. */
    static final Map<String, Object> PRIVATE = Map.of("ttlMs", 0, "cacheScope", "private");

    private static final Map<String, Map<String, Object>> BY_METHOD = Map.of(
        "tools/list", PUBLIC, "prompts/list", PUBLIC, "resources/templates/list", PUBLIC,
        "resources/list", PRIVATE, "resources/read", PRIVATE);

    private Caching() {
    }

    /** The members to add to the result of a method; none where it is not to be kept. */
    static Map<String, Object> of(String method) {
        return BY_METHOD.getOrDefault(method, Map.of());
    }
}

package dev.gatehouse.mcp.stateless;

import dev.gatehouse.mcp.feature.McpEngine;
import dev.gatehouse.mcp.stateless.StatelessError.StatelessVersions;
import io.vertx.core.Future;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code server/discover}: what the server speaks and can do (2026-07-28, discovery). */
final class Discover implements StatelessMethod {

    private final McpEngine engine;
    private final Map<String, Object> extensions;

    /** @param extensions settings by identifier */
    Discover(McpEngine engine, Map<String, Object> extensions) {
        this.engine = engine;
        this.extensions = extensions;
    }

    @Override
    public Future<Map<String, Object>> run(StatelessRequest request) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("supportedVersions", StatelessVersions.ALL);
        result.put("capabilities", capabilities());
        if (engine.features().instructions() != null) {
            result.put("instructions", engine.features().instructions());
        }
        result.putAll(Caching.PUBLIC);
        return Future.succeededFuture(result);
    }

    private Map<String, Object> capabilities() {
        Map<String, Object> capabilities = engine.codec().toMap(engine.capabilities());
        if (!extensions.isEmpty()) {
            capabilities.put("extensions", extensions);
        }
        return capabilities;
    }
}

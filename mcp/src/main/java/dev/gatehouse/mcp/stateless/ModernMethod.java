package dev.gatehouse.mcp.stateless;

import io.vertx.core.Future;

import java.util.Map;

/** A method that this era alone has. */
@FunctionalInterface
interface ModernMethod {

    /**
     * Answers a request whose envelope and headers have been checked.
     *
     * @return the members of the result beside {@code resultType} and {@code _meta}'s {@code serverInfo}; fails with {@link ModernError} or
     *     {@link io.modelcontextprotocol.spec.McpError}. The request is under way until it completes
     */
    Future<Map<String, Object>> run(ModernRequest request);
}

package dev.gatehouse.mcp.stateless;

import io.vertx.core.Future;

import java.util.Map;

/** A method that this era alone has. */
@FunctionalInterface
interface StatelessMethod {

    /**
     * Answers a request whose envelope and headers have been checked.
     *
     * @return the members of the result beside {@code resultType} and {@code _meta}'s {@code serverInfo}; fails with {@link StatelessError} or
     *     {@link io.modelcontextprotocol.spec.McpError}. The request is under way until it completes
     */
    Future<Map<String, Object>> run(StatelessRequest request);
}

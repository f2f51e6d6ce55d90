package dev.gatehouse.it.conformance;

import dev.gatehouse.mcp.api.Content;
import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import io.vertx.core.Future;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** A tool that the official suite calls by its name. */
record FixtureTool(String name, Map<String, Object> schema, Function<ToolCall, Future<ToolResult>> body) implements Tool {

    static FixtureTool of(String name, Function<ToolCall, Future<ToolResult>> body) {
        return new FixtureTool(name, Schemas.of("{\"type\": \"object\"}"), body);
    }

    static FixtureTool saying(String name, Content... content) {
        return of(name, call -> Future.succeededFuture(ToolResult.of(List.of(content))));
    }

    @Override
    public ToolDefinition definition() {
        return new ToolDefinition(name, name, "For the conformance suite: " + name, schema, null, ToolHints.reads());
    }

    @Override
    public Set<String> scopes() {
        return Set.of();
    }

    @Override
    public Future<ToolResult> call(ToolCall call) {
        return body.apply(call);
    }
}

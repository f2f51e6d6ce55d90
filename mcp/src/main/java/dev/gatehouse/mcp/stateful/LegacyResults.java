package dev.gatehouse.mcp.stateful;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;

import java.util.Map;

/**
 * Results as the revisions until 2025-11-25 may have them: structured content is an object there, and so is what its schema describes. Any
 * other is left out, where a client that checks what it gets would refuse the whole result; the content says the same as text.
 */
final class LegacyResults {

    private LegacyResults() {
    }

    static Object of(Object result) {
        if (result instanceof CallToolResult call && call.structuredContent() != null && !(call.structuredContent() instanceof Map)) {
            return new CallToolResult(call.content(), call.isError(), null, call.meta());
        }
        if (result instanceof ListToolsResult list && list.tools().stream().anyMatch(tool -> !describesObjects(tool))) {
            return new ListToolsResult(list.tools().stream().map(LegacyResults::withObjectsAlone).toList(), list.nextCursor(), list.meta());
        }
        return result;
    }

    private static boolean describesObjects(Tool tool) {
        return tool.outputSchema() == null || "object".equals(tool.outputSchema().get("type"));
    }

    private static Tool withObjectsAlone(Tool tool) {
        return describesObjects(tool) ? tool
            : new Tool(tool.name(), tool.title(), tool.description(), tool.inputSchema(), null, tool.annotations(), tool.meta(), tool.icons());
    }
}

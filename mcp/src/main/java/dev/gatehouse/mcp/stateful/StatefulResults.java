package dev.gatehouse.mcp.stateful;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;

import java.util.Map;

/**
 * Results as the revisions until 2025-11-25 allow them: structured content and its schema are objects. Others are left out, because a strict
 * client would refuse the whole result; the content says the same as text.
 */
final class StatefulResults {

    private StatefulResults() {
    }

    static Object of(Object result) {
        if (result instanceof CallToolResult call && call.structuredContent() != null && !(call.structuredContent() instanceof Map)) {
            return new CallToolResult(call.content(), call.isError(), null, call.meta());
        }
        if (result instanceof ListToolsResult list && list.tools().stream().anyMatch(tool -> !describesObjects(tool))) {
            return new ListToolsResult(list.tools().stream().map(StatefulResults::withObjectsAlone).toList(), list.nextCursor(), list.meta());
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

package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.schema.SchemaBounds;
import dev.gatehouse.mcp.schema.SchemaCompiler;
import dev.gatehouse.mcp.schema.ToolSchema;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** A tool in the registry, with the values that are the same for each call. */
public final class OfferedTool {

    private static final Logger LOG = LoggerFactory.getLogger(OfferedTool.class);

    private final Tool tool;
    private final ToolDefinition definition;
    private final Set<String> scopes;
    private final McpSchema.Tool description;
    private final ToolSchema input;
    private final ToolSchema output;

    OfferedTool(Tool tool, SchemaCompiler compiler) {
        this.tool = tool;
        this.definition = tool.definition();
        SchemaBounds.requireInput(definition.name(), definition.inputSchema());
        List<String> refused = SchemaBounds.keywordsThatModelsRefuse(definition.inputSchema());
        if (!refused.isEmpty()) {
            LOG.warn("The input schema of the tool {} has {} at its root. APIs of models refuse a whole list of tools for that:"
                + " describe the properties alone, and let the tool check what the schema cannot say", definition.name(), refused);
        }
        if (definition.outputSchema() != null) {
            SchemaBounds.requireOutput(definition.name(), definition.outputSchema());
        }
        this.scopes = Set.copyOf(tool.scopes());
        ToolHints hints = definition.hints();
        this.description = new McpSchema.Tool(definition.name(), definition.title(), definition.description(),
            definition.inputSchema(), definition.outputSchema(),
            new ToolAnnotations(definition.title(), hints.readOnly(), hints.destructive(), hints.idempotent(), hints.openWorld(), null),
            null, null);
        this.input = new ToolSchema(compiler, definition.inputSchema());
        this.output = definition.outputSchema() == null ? null : new ToolSchema(compiler, definition.outputSchema());
    }

    Tool tool() {
        return tool;
    }

    /** {@return the description} */
    public ToolDefinition definition() {
        return definition;
    }

    /** {@return the scopes that a call needs} */
    public Set<String> scopes() {
        return scopes;
    }

    /** The description in {@code tools/list}. */
    McpSchema.Tool description() {
        return description;
    }

    ToolSchema input() {
        return input;
    }

    /** Of the structured content; null if the tool has none. */
    ToolSchema output() {
        return output;
    }

    /** Compiles the schemas now, for servers that would rather wait at start than at the first call. */
    void warmUp() {
        input.problem(Map.of());
        if (output != null) {
            output.problem(Map.of());
        }
    }
}

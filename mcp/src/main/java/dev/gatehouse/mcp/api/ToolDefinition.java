package dev.gatehouse.mcp.api;

import java.util.Map;
import java.util.Objects;

/**
 * The description of a tool in {@code tools/list}.
 *
 * @param name         1 to 64 characters of {@code A-Z a-z 0-9 _ - .}
 * @param title        for people
 * @param description  for the model
 * @param inputSchema  JSON Schema of the arguments, an object schema
 * @param outputSchema JSON Schema of the structured content, or null when the tool has none
 * @param hints        what a client may assume of the tool
 * @param taskSupport  whether calls may or must continue as tasks
 */
public record ToolDefinition(String name, String title, String description, Map<String, Object> inputSchema,
                             Map<String, Object> outputSchema, ToolHints hints, TaskSupport taskSupport) {

    /**
     * Checks the components.
     *
     * @param name 1 to 64 characters of {@code A-Z a-z 0-9 _ - .}
     * @param title for people
     * @param description for the model
     * @param inputSchema JSON Schema of the arguments, an object schema
     * @param outputSchema JSON Schema of the structured content, or null when the tool has none
     * @param hints what a client may assume of the tool
     * @param taskSupport whether calls may or must continue as tasks
     */
    public ToolDefinition {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(inputSchema, "inputSchema");
        Objects.requireNonNull(hints, "hints");
        Objects.requireNonNull(taskSupport, "taskSupport");
        inputSchema = Schemas.plain(inputSchema);
        outputSchema = outputSchema == null ? null : Schemas.plain(outputSchema);
    }

    /**
     * Describes a tool whose calls are never tasks.
     *
     * @param name unique
     * @param title for people
     * @param description for the model
     * @param inputSchema an object schema
     * @param outputSchema an object schema, or null
     * @param hints the annotations
     */
    public ToolDefinition(String name, String title, String description, Map<String, Object> inputSchema,
                          Map<String, Object> outputSchema, ToolHints hints) {
        this(name, title, description, inputSchema, outputSchema, hints, TaskSupport.NEVER);
    }
}

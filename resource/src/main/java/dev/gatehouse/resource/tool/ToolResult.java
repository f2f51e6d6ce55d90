package dev.gatehouse.resource.tool;

import java.util.Map;
import java.util.Objects;

/**
 * What a tool answers.
 *
 * @param text              for the model
 * @param structuredContent the same as data, by the tool's output schema; null for an error or a tool without one
 * @param isError           whether the tool failed; the text then says why, and what to do instead
 */
public record ToolResult(String text, Map<String, Object> structuredContent, boolean isError) {

    public ToolResult {
        Objects.requireNonNull(text, "text");
    }

    public static ToolResult of(String text) {
        return new ToolResult(text, null, false);
    }

    public static ToolResult of(String text, Map<String, Object> structuredContent) {
        return new ToolResult(text, structuredContent, false);
    }

    public static ToolResult error(String text) {
        return new ToolResult(text, null, true);
    }
}

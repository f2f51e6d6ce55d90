package dev.gatehouse.mcp.api;

import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The result of a tool.
 *
 * @param content           for the model
 * @param structuredContent the same as data that Jackson can write, by the tool's output schema; null for an error or a tool
 *                          without one
 * @param isError           whether the tool failed; the text then says why, and what to do instead
 */
public record ToolResult(List<Content> content, Object structuredContent, boolean isError) {

    /**
     * Checks the components.
     *
     * @param content for the model
     * @param structuredContent the same as data that Jackson can write, by the tool's output schema; null for an error or a tool without one
     * @param isError whether the tool failed; the text then says why, and what to do instead
     */
    public ToolResult {
        Objects.requireNonNull(content, "content");
        content = List.copyOf(content);
    }

    /**
     * {@return a result with text}
     *
     * @param text the text
     */
    public static ToolResult of(String text) {
        return new ToolResult(List.of(new Content.Text(text)), null, false);
    }

    /**
     * {@return a result with text and structured content}
     *
     * @param text the text
     * @param structuredContent an object that fits the output schema
     */
    public static ToolResult of(String text, Map<String, Object> structuredContent) {
        return new ToolResult(List.of(new Content.Text(text)), structuredContent, false);
    }

    /**
     * {@return a result with text and structured content}
     *
     * @param text the text
     * @param structuredContent an object that fits the output schema
     */
    public static ToolResult of(String text, JsonObject structuredContent) {
        return of(text, structuredContent.getMap());
    }

    /**
     * {@return a result with any content}
     *
     * @param content the parts
     */
    public static ToolResult of(List<Content> content) {
        return new ToolResult(content, null, false);
    }

    /**
     * {@return a failure in the tool's own terms ({@code isError})}
     *
     * @param text the text for the model
     */
    public static ToolResult error(String text) {
        return new ToolResult(List.of(new Content.Text(text)), null, true);
    }

    /** {@return all text in the content, one part a line} */
    public String text() {
        return content.size() == 1 && content.get(0) instanceof Content.Text only ? only.text()
            : content.stream().filter(Content.Text.class::isInstance).map(part -> ((Content.Text) part).text())
                .collect(Collectors.joining("\n"));
    }
}

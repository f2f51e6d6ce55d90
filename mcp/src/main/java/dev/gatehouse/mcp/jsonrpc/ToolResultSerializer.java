package dev.gatehouse.mcp.jsonrpc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.util.NameTransformer;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.TextContent;

import java.io.IOException;

/** Writes what most answers are, a result of a tool with text in it, without asking each record what members it has. */
final class ToolResultSerializer extends StdSerializer<CallToolResult> {

    private static final long serialVersionUID = 1L;
    private final boolean unwrapping;

    private ToolResultSerializer(boolean unwrapping) {
        super(CallToolResult.class);
        this.unwrapping = unwrapping;
    }

    ToolResultSerializer() {
        this(false);
    }

    @Override
    public boolean isUnwrappingSerializer() {
        return unwrapping;
    }

    @Override
    public JsonSerializer<CallToolResult> unwrappingSerializer(NameTransformer names) {
        return new ToolResultSerializer(true);
    }

    @Override
    public void serialize(CallToolResult result, JsonGenerator json, SerializerProvider provider) throws IOException {
        if (!unwrapping) {
            json.writeStartObject();
        }
        writeMembers(result, json, provider);
        if (!unwrapping) {
            json.writeEndObject();
        }
    }

    private static void writeMembers(CallToolResult result, JsonGenerator json, SerializerProvider provider) throws IOException {
        json.writeArrayFieldStart("content");
        for (Content content : result.content()) {
            writeContent(content, json, provider);
        }
        json.writeEndArray();
        if (result.isError() != null) {
            json.writeBooleanField("isError", result.isError());
        }
        if (result.structuredContent() != null) {
            provider.defaultSerializeField("structuredContent", result.structuredContent(), json);
        }
        if (result.meta() != null) {
            provider.defaultSerializeField("_meta", result.meta(), json);
        }
    }

    private static void writeContent(Content content, JsonGenerator json, SerializerProvider provider) throws IOException {
        if (content instanceof TextContent text && text.annotations() == null && text.meta() == null) {
            json.writeStartObject();
            json.writeStringField("type", "text");
            json.writeStringField("text", text.text());
            json.writeEndObject();
        } else {
            provider.findTypedValueSerializer(content.getClass(), true, null).serialize(content, json, provider);
        }
    }
}

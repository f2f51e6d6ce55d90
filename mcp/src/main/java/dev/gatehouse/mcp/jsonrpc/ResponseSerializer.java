package dev.gatehouse.mcp.jsonrpc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;

import java.io.IOException;

/** Writes a response without asking the record what members it has: every request has one. */
final class ResponseSerializer extends StdSerializer<JSONRPCResponse> {

    private static final long serialVersionUID = 1L;

    ResponseSerializer() {
        super(JSONRPCResponse.class);
    }

    /** An error may come without an id. */
    @Override
    public void serialize(JSONRPCResponse response, JsonGenerator json, SerializerProvider provider) throws IOException {
        json.writeStartObject();
        json.writeStringField("jsonrpc", response.jsonrpc());
        if (response.id() != null) {
            provider.defaultSerializeField("id", response.id(), json);
        }
        if (response.result() != null) {
            provider.defaultSerializeField("result", response.result(), json);
        }
        if (response.error() != null) {
            provider.defaultSerializeField("error", response.error(), json);
        }
        json.writeEndObject();
    }
}

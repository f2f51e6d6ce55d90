package dev.gatehouse.mcp.jsonrpc;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;

/** The received data is no valid MCP message. Carries the error response. */
public final class BadMessage extends RuntimeException {

    private final int code;
    private final transient Object id;

    public BadMessage(int code, Object id, String message) {
        super(message, null, false, false);
        this.code = code;
        this.id = id;
    }

    /** The answer, with the request's id if it could be read, else null (JSON-RPC 2.0 §5). */
    public JSONRPCResponse response() {
        return JsonRpcErrors.response(id, code, getMessage());
    }
}

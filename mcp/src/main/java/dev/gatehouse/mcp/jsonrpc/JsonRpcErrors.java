package dev.gatehouse.mcp.jsonrpc;

import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;

/** The error codes of JSON-RPC 2.0 §5.1 and of MCP that this server sends, and their responses. */
public final class JsonRpcErrors {

    /** The message is not valid JSON (JSON-RPC 2.0 §5.1). */
    public static final int PARSE_ERROR = -32700;
    /** The JSON is not a valid request. */
    public static final int INVALID_REQUEST = -32600;
    /** The server does not have the method. */
    public static final int METHOD_NOT_FOUND = -32601;
    /** A parameter is missing or has the wrong type. */
    public static final int INVALID_PARAMS = -32602;
    /** The server failed. */
    public static final int INTERNAL_ERROR = -32603;
    /** MCP until 2025-11-25: there is no such resource. */
    public static final int RESOURCE_NOT_FOUND = -32002;
    /** 2025-11-25 alone: the user must first go to a page, and the request is then made again. */
    public static final int URL_ELICITATION_REQUIRED = -32042;
    /** The session does not exist, or not for this caller. */
    public static final int SESSION_NOT_FOUND = -32001;
    /** Refused by the server for a reason that the message tells: no session, too many, sign-in missing. */
    public static final int REFUSED = -32000;

    /**
     * Stands for a null id, which the SDK's record does not allow and JSON-RPC 2.0 §5 demands where the request's id is
     * unknown. Known by identity, so that no client can send it.
     */
    @SuppressWarnings("StringOperationCanBeSimplified")
    static final String NO_ID = new String("no id");

    /** The reason why a pending request gets no result. */
    public static final String REVOKED = "The access token has been revoked";

    private JsonRpcErrors() {
    }

    /** @param id of the request, or null when it could not be known */
    public static JSONRPCResponse response(Object id, int code, String message) {
        return response(id, new JSONRPCError(code, message, null));
    }

    /** Returns an error response. @param id the id of the request, or null if it is unknown */
    public static JSONRPCResponse response(Object id, JSONRPCError error) {
        return new JSONRPCResponse("2.0", id == null ? NO_ID : id, null, error);
    }

    /** Returns the exception that becomes an error response with this code and message. */
    public static McpError exception(int code, String message) {
        return new McpError(new JSONRPCError(code, message, null));
    }

    /** The received data is no valid MCP message. Carries the error response. */
    public static final class BadMessage extends RuntimeException {

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
}

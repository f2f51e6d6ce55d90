package dev.gatehouse.mcp.stateless;

import dev.gatehouse.mcp.api.InputsUnsupported;
import dev.gatehouse.mcp.api.UrlElicitationRequired;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is told of a failure.
 *
 * @param status of the HTTP response
 */
record FailureAnswer(int status, JSONRPCError error) {

    private static final Logger LOG = LoggerFactory.getLogger(FailureAnswer.class);
    private static final int OK = 200;

    /** What is no answer yet is logged, and told without its reason. */
    static FailureAnswer of(String method, Throwable failure) {
        if (failure instanceof StatelessError error) {
            return new FailureAnswer(error.status(), error.error());
        }
        if (failure instanceof InputsUnsupported unsupported) {
            StatelessError error = StatelessError.missingCapability(unsupported.capability());
            return new FailureAnswer(error.status(), error.error());
        }
        if (failure instanceof UrlElicitationRequired required) {
            return new FailureAnswer(OK, new JSONRPCError(StatelessError.REFUSED, required.getMessage(), null));
        }
        if (failure instanceof McpError error && error.getJsonRpcError() != null) {
            return new FailureAnswer(OK, translate(error.getJsonRpcError()));
        }
        LOG.error("{} failed", method, failure);
        return new FailureAnswer(OK, new JSONRPCError(JsonRpcErrors.INTERNAL_ERROR, "The request failed on the server", null));
    }

    /** Codes that this revision has taken back (2026-07-28, basic, error codes). */
    private static JSONRPCError translate(JSONRPCError error) {
        return switch (error.code()) {
            case JsonRpcErrors.RESOURCE_NOT_FOUND -> new JSONRPCError(JsonRpcErrors.INVALID_PARAMS, error.message(), error.data());
            case JsonRpcErrors.REFUSED -> new JSONRPCError(StatelessError.REFUSED, error.message(), error.data());
            default -> error;
        };
    }
}

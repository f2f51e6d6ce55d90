package dev.gatehouse.mcp.stateless;

import dev.gatehouse.mcp.api.InputsUnsupported;
import dev.gatehouse.mcp.api.UrlElicitationRequired;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.stateful.StatefulVersions;
import dev.gatehouse.shared.text.VisibleText;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A request is answered with an error that also has a status on HTTP (2026-07-28, basic, error codes; Streamable HTTP). */
public final class StatelessError extends RuntimeException {

    /** Headers and body differ, or a header that must be there is not. */
    public static final int HEADER_MISMATCH = -32020;
    /** The client has not declared a capability that the request needs. */
    public static final int MISSING_CAPABILITY = -32021;
    /** The revision is not spoken here. */
    public static final int UNSUPPORTED_VERSION = -32022;

    /** Refused by the server for a reason that the message tells; outside of what JSON-RPC reserves, where this revision wants none. */
    static final int REFUSED = -31000;

    private static final Logger LOG = LoggerFactory.getLogger(StatelessError.class);
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;

    private final int status;
    private final transient JSONRPCError error;

    private StatelessError(int status, int code, String message, Object data) {
        super(message, null, false, false);
        this.status = status;
        this.error = new JSONRPCError(code, message, data);
    }

    static StatelessError invalidParams(String message) {
        return new StatelessError(BAD_REQUEST, JsonRpcErrors.INVALID_PARAMS, message, null);
    }

    static StatelessError headerMismatch(String message) {
        return new StatelessError(BAD_REQUEST, HEADER_MISMATCH, "Header mismatch: " + message, null);
    }

    /** For a request of this era, which is tried again in it: with its revisions alone, as {@code server/discover} has them. */
    static StatelessError unsupportedVersion(String requested) {
        return unsupportedVersion(requested, StatelessVersions.ALL);
    }

    /** For a request that says of no era to be: with the revisions of both. */
    public static StatelessError unknownVersion(String requested) {
        List<String> supported = new ArrayList<>(StatefulVersions.ALL);
        supported.addAll(StatelessVersions.ALL);
        Collections.reverse(supported);
        return unsupportedVersion(requested, supported);
    }

    private static StatelessError unsupportedVersion(String requested, List<String> supported) {
        return new StatelessError(BAD_REQUEST, UNSUPPORTED_VERSION, "Unsupported protocol version",
            Map.of("supported", supported, "requested", VisibleText.name(requested)));
    }

    /** @param capability with dots between levels, as {@code elicitation.url} */
    static StatelessError missingCapability(String capability) {
        Map<String, Object> needed = Map.of();
        List<String> levels = List.of(capability.split("\\."));
        for (int i = levels.size() - 1; i >= 0; i--) {
            needed = Map.of(levels.get(i), needed);
        }
        return new StatelessError(BAD_REQUEST, MISSING_CAPABILITY, "The client must declare the capability " + capability,
            Map.of("requiredCapabilities", needed));
    }

    /** A capability of an extension, whose name contains dots. */
    static StatelessError missingExtension(String extension) {
        return new StatelessError(BAD_REQUEST, MISSING_CAPABILITY, "The client must declare the extension " + extension,
            Map.of("requiredCapabilities", Map.of("extensions", Map.of(extension, Map.of()))));
    }

    static StatelessError tooMany(String message) {
        return new StatelessError(TOO_MANY, REFUSED, message, null);
    }

    static StatelessError methodNotFound(String method) {
        return new StatelessError(NOT_FOUND, JsonRpcErrors.METHOD_NOT_FOUND, "Method not found: " + VisibleText.name(method), null);
    }

    /** The error for any failure of a request. An unexpected one is logged, and answered without its reason. */
    static StatelessError of(String method, Throwable failure) {
        if (failure instanceof StatelessError error) {
            return error;
        }
        if (failure instanceof InputsUnsupported unsupported) {
            return missingCapability(unsupported.capability());
        }
        if (failure instanceof UrlElicitationRequired required) {
            return new StatelessError(OK, REFUSED, required.getMessage(), null);
        }
        if (failure instanceof McpError error && error.getJsonRpcError() != null) {
            JSONRPCError known = error.getJsonRpcError();
            return new StatelessError(OK, code(known.code()), known.message(), known.data());
        }
        LOG.error("{} failed", method, failure);
        return new StatelessError(OK, JsonRpcErrors.INTERNAL_ERROR, "The request failed on the server", null);
    }

    /** This revision has withdrawn some codes (2026-07-28, basic, error codes). */
    private static int code(int earlier) {
        return switch (earlier) {
            case JsonRpcErrors.RESOURCE_NOT_FOUND -> JsonRpcErrors.INVALID_PARAMS;
            case JsonRpcErrors.REFUSED -> REFUSED;
            default -> earlier;
        };
    }

    /** The HTTP status that belongs to it. */
    public int status() {
        return status;
    }

    JSONRPCError error() {
        return error;
    }

    /** The response to the request of that id. */
    public JSONRPCResponse response(Object id) {
        return JsonRpcErrors.response(id, error);
    }

    /** The revisions with metadata in each request, oldest first. */
    public static final class StatelessVersions {

        public static final String NEWEST = "2026-07-28";
        public static final List<String> ALL = List.of(NEWEST);

        private StatelessVersions() {
        }

        public static boolean isKnown(String version) {
            return ALL.contains(version);
        }
    }
}

package dev.gatehouse.mcp.stateless;

import dev.gatehouse.mcp.api.LogLevel;
import dev.gatehouse.mcp.api.TraceContext;
import dev.gatehouse.mcp.feature.DeclaredCapabilities;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;

import java.util.Map;

/**
 * The {@code _meta} of a request, with the data about its client (2026-07-28, basic, {@code _meta}).
 *
 * @param version      the revision of the request
 * @param client       the capabilities of the client
 * @param logLevel     the lowest log level that the client wants, or null for none
 * @param progressToken a string or number if the client wants progress, else null
 * @param trace        position in a distributed trace, or null
 */
record Envelope(String version, DeclaredCapabilities client, LogLevel logLevel, Object progressToken, TraceContext trace) {

    /** Returns true for a request with the envelope of this era. */
    public static boolean isOn(Object params) {
        return params instanceof Map<?, ?> map && map.get(Meta.MEMBER) instanceof Map<?, ?> meta && meta.containsKey(Meta.VERSION);
    }

    /** Reads it. Throws {@link StatelessError} if a member is missing or ill-typed. */
    static Envelope of(JSONRPCRequest request) {
        if (!(request.params() instanceof Map<?, ?> params) || !(params.get(Meta.MEMBER) instanceof Map<?, ?> meta)) {
            throw StatelessError.invalidParams("params._meta is missing: it must have " + Meta.VERSION + " and " + Meta.CLIENT_CAPABILITIES);
        }
        if (!(meta.get(Meta.VERSION) instanceof String version)) {
            throw StatelessError.invalidParams("_meta must have " + Meta.VERSION + ", a string");
        }
        if (!(meta.get(Meta.CLIENT_CAPABILITIES) instanceof Map<?, ?> capabilities)) {
            throw StatelessError.invalidParams("_meta must have " + Meta.CLIENT_CAPABILITIES + ", an object");
        }
        if (meta.get(Meta.CLIENT_INFO) != null && !(meta.get(Meta.CLIENT_INFO) instanceof Map)) {
            throw StatelessError.invalidParams("_meta has " + Meta.CLIENT_INFO + ", which must be an object");
        }
        return new Envelope(version, new DeclaredCapabilities(capabilities), logLevel(meta), progressToken(meta), TraceContext.of(meta));
    }

    private static LogLevel logLevel(Map<?, ?> meta) {
        Object named = meta.get(Meta.LOG_LEVEL);
        return named == null ? null
            : LogLevel.of(named).orElseThrow(() -> StatelessError.invalidParams("_meta has " + Meta.LOG_LEVEL + ", which is not a log level"));
    }

    private static Object progressToken(Map<?, ?> meta) {
        Object token = meta.get(Meta.PROGRESS_TOKEN);
        if (token == null || token instanceof String || token instanceof Number) {
            return token;
        }
        throw StatelessError.invalidParams("_meta has " + Meta.PROGRESS_TOKEN + ", which must be a string or a number");
    }

    /** Returns true if the client wants log messages of a level. */
    boolean wants(LogLevel level) {
        return logLevel != null && level.compareTo(logLevel) >= 0;
    }
}

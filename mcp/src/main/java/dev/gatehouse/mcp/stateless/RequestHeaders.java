package dev.gatehouse.mcp.stateless;

import dev.gatehouse.mcp.feature.FeatureRegistry;
import dev.gatehouse.mcp.feature.OfferedTool;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.vertx.core.http.HttpHeaders;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/** Compares the headers of a request with its body, so that a proxy and this server decide by the same values (Streamable HTTP, server
 * validation). */
final class RequestHeaders {

    private static final CharSequence METHOD = HttpHeaders.createOptimized("Mcp-Method");
    private static final CharSequence NAME = HttpHeaders.createOptimized("Mcp-Name");
    static final CharSequence VERSION = HttpHeaders.createOptimized("MCP-Protocol-Version");
    /** The member of the body that {@code Mcp-Name} repeats, by method. */
    private static final Map<String, String> NAMED = Map.of("tools/call", "name", "prompts/get", "name", "resources/read", "uri",
        "tasks/get", "taskId", "tasks/update", "taskId", "tasks/cancel", "taskId");

    private final FeatureRegistry catalogue;
    private final Map<OfferedTool, MirroredParameters> mirrored = Collections.synchronizedMap(new WeakHashMap<>());

    RequestHeaders(FeatureRegistry catalogue) {
        this.catalogue = catalogue;
    }

    /** The version first: what else there must be depends on it. */
    static void checkVersion(HeaderSource headers, Envelope envelope) {
        String header = headers.header(VERSION);
        if (header == null) {
            throw StatelessError.headerMismatch(VERSION + " is missing");
        }
        if (!header.equals(envelope.version())) {
            throw StatelessError.headerMismatch(VERSION + " does not match the body");
        }
    }

    /** @param request with parameters as they came */
    static void checkMethod(HeaderSource headers, JSONRPCRequest request) {
        String method = headers.header(METHOD);
        if (!request.method().equals(method)) {
            throw StatelessError.headerMismatch(METHOD + (method == null ? " is missing" : " does not match the body"));
        }
        String member = NAMED.get(request.method());
        Object name = member == null ? null : ((Map<?, ?>) request.params()).get(member);
        String header = member == null ? null : headers.header(NAME);
        if (header == null && name instanceof String) {
            throw StatelessError.headerMismatch(NAME + " is missing");
        }
        // One of the wrong type is for the check of the parameters.
        if (header != null && (name == null || name instanceof String) && !isSame(name, header)) {
            throw StatelessError.headerMismatch(NAME + " does not match the body");
        }
    }

    private static boolean isSame(Object name, String header) {
        return name != null && name.equals(HeaderValue.decode(header).orElse(null));
    }

    void checkParameters(HeaderSource headers, CallToolRequest call) {
        catalogue.tool(call.name()).ifPresent(tool ->
            mirrored.computeIfAbsent(tool, found -> MirroredParameters.of(found.definition().inputSchema())).check(headers, call.arguments()));
    }

    /** Headers of a request, on wires that have them. */
    @FunctionalInterface
    public interface HeaderSource {

        /** @return the value, the values joined by {@code ", "} where there are several, or null */
        String header(CharSequence name);
    }
}

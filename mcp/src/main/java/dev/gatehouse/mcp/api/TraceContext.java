package dev.gatehouse.mcp.api;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * The position of a request in a distributed trace (W3C Trace Context §3.2, carried in {@code _meta}). The client chooses it freely.
 *
 * @param traceId  32 hexadecimal digits
 * @param parentId 16 hexadecimal digits
 */
public record TraceContext(String traceId, String parentId) {

    private static final Pattern PARENT = Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?");

    /**
     * The trace of a request.
     *
     * @param meta the {@code _meta} of its parameters, or null
     * @return null if there is none, or it is malformed: a bad one must be ignored, not refused (§4.3)
     */
    public static TraceContext of(Map<?, ?> meta) {
        if (meta == null || !(meta.get("traceparent") instanceof String text) || text.length() > 128) {
            return null;
        }
        var matcher = PARENT.matcher(text);
        return matcher.matches() ? new TraceContext(matcher.group(1), matcher.group(2)) : null;
    }
}

package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.LogLevel;

import java.util.LinkedHashMap;
import java.util.Map;

/** The parameters of what a server says while a request runs, the same in every era. */
public final class NotificationParams {

    private NotificationParams() {
    }

    /** Of {@code notifications/progress}; {@code total} and {@code message} may be null. */
    public static Map<String, Object> progress(Object token, double progress, Double total, String message) {
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("progressToken", token);
        params.put("progress", progress);
        putIfKnown(params, "total", total);
        putIfKnown(params, "message", message);
        return params;
    }

    /** Of {@code notifications/message}; {@code logger} may be null, {@code data} is whatever can be written as JSON. */
    public static Map<String, Object> log(LogLevel level, String logger, Object data) {
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("level", level.wireName());
        putIfKnown(params, "logger", logger);
        params.put("data", data);
        return params;
    }

    private static void putIfKnown(Map<String, Object> params, String name, Object value) {
        if (value != null) {
            params.put(name, value);
        }
    }
}

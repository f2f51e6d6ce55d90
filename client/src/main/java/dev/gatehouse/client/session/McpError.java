package dev.gatehouse.client.session;

import dev.gatehouse.shared.text.VisibleText;
import io.vertx.core.json.JsonObject;

/** A JSON-RPC error of the server. No stack trace: it is an answer. */
public final class McpError extends RuntimeException {

    public static final int METHOD_NOT_FOUND = -32_601;
    public static final int HEADER_MISMATCH = -32_020;
    public static final int MISSING_CAPABILITY = -32_021;
    public static final int UNSUPPORTED_VERSION = -32_022;

    private final int code;
    private final Object data;

    McpError(JsonObject error) {
        super(VisibleText.of(error.getValue("message") + " (" + error.getValue("code") + ")"), null, false, false);
        code = error.getValue("code") instanceof Number number ? number.intValue() : 0;
        data = error.getValue("data");
    }

    public int code() {
        return code;
    }

    /** The member {@code data}: an object, another JSON value, or null. */
    public Object data() {
        return data;
    }
}

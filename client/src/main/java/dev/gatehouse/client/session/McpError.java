package dev.gatehouse.client.session;

import dev.gatehouse.shared.text.VisibleText;
import io.vertx.core.json.JsonObject;

/** A JSON-RPC error of the server. No stack trace: it is an answer. */
public final class McpError extends RuntimeException {

    public static final int METHOD_NOT_FOUND = -32_601;
    public static final int HEADER_MISMATCH = -32_020;
    public static final int MISSING_CAPABILITY = -32_021;
    public static final int UNSUPPORTED_VERSION = -32_022;
    static final int PAGE_NEEDED = -32_042;
    private static final int USER_REJECTED = -1;

    private final int code;
    private final Object data;

    McpError(JsonObject error) {
        super(VisibleText.of(error.getValue("message") + " (" + error.getValue("code") + ")"), null, false, false);
        code = error.getValue("code") instanceof Number number ? number.intValue() : 0;
        data = error.getValue("data");
    }

    private McpError(int code, String message) {
        super(message, null, false, false);
        this.code = code;
        data = null;
    }

    /** The answer to {@code sampling/createMessage} that the user did not allow (2025-11-25, sampling, error handling). */
    public static McpError samplingRejected() {
        return new McpError(USER_REJECTED, "User rejected sampling request");
    }

    public int code() {
        return code;
    }

    /** The member {@code data}: an object, another JSON value, or null. */
    public Object data() {
        return data;
    }
}

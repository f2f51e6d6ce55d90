package dev.gatehouse.mcp.transport;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import java.util.List;
import java.util.Locale;

/** {@code Content-Type} and {@code Accept} as RFC 9110 §8.3.1 and §12.5.1 define them. */
final class MediaTypes {

    static final String JSON = "application/json";
    static final String EVENT_STREAM = "text/event-stream";

    /** What most clients send, word for word. */
    private static final String USUAL_ACCEPT = "application/json, text/event-stream";

    private MediaTypes() {
    }

    /** Whether a {@code Content-Type} names the media type, whatever its parameters. */
    static boolean is(String contentType, String mediaType) {
        return contentType != null && (contentType.equals(mediaType) || essence(contentType).equals(mediaType));
    }

    private static String essence(String value) {
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    }

    /** Whether the {@code Accept} fields of a request allow the media type. Several fields are one list (RFC 9110 §5.3). */
    static boolean accepts(HttpServerRequest request, String mediaType) {
        List<String> fields = request.headers().getAll(HttpHeaders.ACCEPT);
        return accepts(fields.size() > 1 ? String.join(",", fields) : fields.isEmpty() ? null : fields.get(0), mediaType);
    }

    /** Whether an {@code Accept} field allows the media type; the most specific range decides. No field allows any. */
    static boolean accepts(String accept, String mediaType) {
        if (accept == null || accept.equals(USUAL_ACCEPT)) {
            return true;
        }
        int best = -1;
        boolean allowed = false;
        for (String range : accept.split(",")) {
            int precision = precision(essence(range), mediaType);
            if (precision > best) {
                best = precision;
                allowed = !hasZeroQuality(range);
            }
        }
        return allowed;
    }

    private static int precision(String range, String mediaType) {
        if (range.equals(mediaType)) {
            return 2;
        }
        if (range.endsWith("/*") && mediaType.startsWith(range.substring(0, range.length() - 1))) {
            return 1;
        }
        return range.equals("*/*") ? 0 : -1;
    }

    private static boolean hasZeroQuality(String range) {
        for (String parameter : range.split(";")) {
            if (parameter.trim().toLowerCase(Locale.ROOT).matches("q\\s*=\\s*0(\\.0{0,3})?")) {
                return true;
            }
        }
        return false;
    }
}

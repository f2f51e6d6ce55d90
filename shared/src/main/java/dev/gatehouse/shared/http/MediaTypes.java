package dev.gatehouse.shared.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code Content-Type} and {@code Accept} as RFC 9110 §8.3.1 and §12.5.1 define them. */
public final class MediaTypes {

    /** The media type of JSON. */
    public static final String JSON = "application/json";
    /** The media type of form bodies. */
    public static final String FORM = "application/x-www-form-urlencoded";
    /** The media type of event streams. */
    public static final String EVENT_STREAM = "text/event-stream";

    /** The field of most MCP clients, word for word. */
    private static final String USUAL_ACCEPT = "application/json, text/event-stream";

    private MediaTypes() {
    }

    /**
     * {@return true if a {@code Content-Type} names the media type, with any parameters}
     *
     * @param contentType the value of the field; may be null
     * @param mediaType the media type
     */
    public static boolean is(String contentType, String mediaType) {
        return contentType != null && (contentType.equals(mediaType) || essence(contentType).equals(mediaType));
    }

    /**
     * {@return the one of these media types that a request likes best and names; empty for a request that names none of them}
     *
     * @param context the context of the request
     * @param offered the media types that the server can send
     */
    public static Optional<String> preferred(RoutingContext context, Collection<String> offered) {
        return context.parsedHeaders().accept().stream().filter(type -> type.weight() > 0)
            .map(type -> (type.component() + "/" + type.subComponent()).toLowerCase(Locale.ROOT)).filter(offered::contains).findFirst();
    }

    /**
     * {@return the media type of a {@code Content-Type}, without its parameters, in lower case}
     *
     * @param value the value of the field
     */
    public static String essence(String value) {
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return true if the {@code Accept} fields of a request allow the media type} Several fields are one list (RFC 9110 §5.3).
     *
     * @param request the request
     * @param mediaType the media type
     */
    public static boolean accepts(HttpServerRequest request, String mediaType) {
        List<String> fields = request.headers().getAll(HttpHeaders.ACCEPT);
        return accepts(fields.size() > 1 ? String.join(",", fields) : fields.isEmpty() ? null : fields.get(0), mediaType);
    }

    /**
     * {@return true if an {@code Accept} field allows the media type; the most specific range decides} No field allows any.
     *
     * @param accept the value of the field; may be null
     * @param mediaType the media type
     */
    public static boolean accepts(String accept, String mediaType) {
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

    /**
     * {@return true if an {@code Accept} field names the media type itself, not only a range that includes it}
     *
     * @param accept the value of the field; may be null
     * @param mediaType the media type
     */
    public static boolean names(String accept, String mediaType) {
        return accept != null && Stream.of(accept.split(",")).map(MediaTypes::essence).anyMatch(mediaType::equals);
    }

    /**
     * {@return true if a request comes from a program that accepts JSON and cannot use a page} Browsers always name {@code text/html}.
     *
     * @param request the request
     */
    public static boolean isForProgram(HttpServerRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return names(accept, JSON) && !names(accept, "text/html");
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

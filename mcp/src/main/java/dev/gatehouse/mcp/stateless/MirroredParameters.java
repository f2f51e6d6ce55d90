package dev.gatehouse.mcp.stateless;

import dev.gatehouse.mcp.stateless.RequestHeaders.HeaderSource;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The parameters of one tool that clients repeat in headers, by the {@code x-mcp-header} in its input schema (2026-07-28, Streamable HTTP,
 * custom headers from tool parameters).
 */
final class MirroredParameters {

    private static final String PREFIX = "Mcp-Param-";

    private final List<Mirrored> mirrored;

    /** @param path members from the arguments down to the value */
    private record Mirrored(String header, List<String> path) {
    }

    private MirroredParameters(List<Mirrored> mirrored) {
        this.mirrored = mirrored;
    }

    static MirroredParameters of(Map<String, Object> inputSchema) {
        List<Mirrored> found = new ArrayList<>();
        collect(inputSchema, List.of(), found);
        return new MirroredParameters(List.copyOf(found));
    }

    private static void collect(Map<?, ?> schema, List<String> path, List<Mirrored> found) {
        if (schema.get("x-mcp-header") instanceof String name) {
            found.add(new Mirrored(PREFIX + name, path));
        }
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((member, below) -> {
                if (below instanceof Map<?, ?> map) {
                    List<String> deeper = new ArrayList<>(path);
                    deeper.add((String) member);
                    collect(map, deeper, found);
                }
            });
        }
    }

    /** Throws {@link StatelessError} if a header is missing, malformed or says something else than the arguments. */
    void check(HeaderSource headers, Map<String, Object> arguments) {
        for (Mirrored each : mirrored) {
            Object value = valueAt(arguments, each.path());
            String header = headers.header(each.header());
            if (value == null && header == null) {
                continue;
            }
            if (header == null) {
                throw StatelessError.headerMismatch(each.header() + " is missing");
            }
            String decoded = HeaderValue.decode(header)
                .orElseThrow(() -> StatelessError.headerMismatch(each.header() + " is not well formed"));
            if (value == null || !isSame(decoded, value)) {
                throw StatelessError.headerMismatch(each.header() + " does not match the body");
            }
        }
    }

    private static Object valueAt(Map<?, ?> arguments, List<String> path) {
        Object value = arguments;
        for (String member : path) {
            value = value instanceof Map<?, ?> map ? map.get(member) : null;
        }
        return value;
    }

    private static boolean isSame(String header, Object value) {
        return value instanceof Number number ? isSameNumber(header, number) : header.equals(String.valueOf(value));
    }

    /** 42 and 42.0 are the same. The length is bounded because the exponent of a decimal is not. */
    private static boolean isSameNumber(String header, Number value) {
        try {
            return header.length() <= 32 && new BigDecimal(header).compareTo(new BigDecimal(value.toString())) == 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}

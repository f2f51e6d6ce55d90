package dev.gatehouse.client.session;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Optional;

/** Revisions of MCP that this client speaks. */
public final class ProtocolVersion {

    /** The revision without sessions. */
    public static final String STATELESS = "2026-07-28";
    /** The revisions that begin with {@code initialize}, newest first. */
    public static final List<String> STATEFUL = List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

    private ProtocolVersion() {
    }

    public static boolean isKnown(String version) {
        return version.equals(STATELESS) || STATEFUL.contains(version);
    }

    /** From this revision on each request has the header {@code MCP-Protocol-Version}. */
    static boolean hasHeader(String version) {
        return version.compareTo("2025-06-18") >= 0;
    }

    /** The newest revision that the error of a server says it supports as well. */
    static Optional<String> mutual(McpError error) {
        if (error.code() != McpError.UNSUPPORTED_VERSION || !(error.data() instanceof JsonObject data)) {
            return Optional.empty();
        }
        return mutual(data.getValue("supported"));
    }

    static Optional<String> mutual(Object supported) {
        List<?> theirs = supported instanceof JsonArray array ? array.getList() : List.of();
        return theirs.contains(STATELESS) ? Optional.of(STATELESS) : STATEFUL.stream().filter(theirs::contains).findFirst();
    }
}

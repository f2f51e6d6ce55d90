package dev.gatehouse.client.config;

import java.util.Locale;

/** The transports that a configuration can name. */
public enum TransportKind {
    STDIO, SSE, HTTP;

    /** Reads the configuration's word; hosts have several for Streamable HTTP. */
    static TransportKind of(String word) {
        return switch (word) {
            case "stdio" -> STDIO;
            case "sse" -> SSE;
            default -> HTTP;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.gatehouse.mcp.api;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The severity of a log message for the client, the lowest first (RFC 5424 §6.2.1). */
public enum LogLevel {
    DEBUG, INFO, NOTICE, WARNING, ERROR, CRITICAL, ALERT, EMERGENCY;

    /** As it is written in messages. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The level of that name in messages, empty if there is none. */
    public static Optional<LogLevel> of(Object wireName) {
        return Stream.of(values()).filter(level -> level.wireName().equals(wireName)).findFirst();
    }
}

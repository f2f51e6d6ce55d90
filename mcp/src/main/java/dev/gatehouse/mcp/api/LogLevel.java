package dev.gatehouse.mcp.api;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The severity of a log message for the client, the lowest first (RFC 5424 §6.2.1). */
public enum LogLevel {
    /** Debug-level messages. */
    DEBUG,
    /** Informational messages. */
    INFO,
    /** Normal but significant conditions. */
    NOTICE,
    /** Warning conditions. */
    WARNING,
    /** Error conditions. */
    ERROR,
    /** Critical conditions. */
    CRITICAL,
    /** Action must be taken immediately. */
    ALERT,
    /** The system is unusable. */
    EMERGENCY;

    /** {@return the name of the level in messages} */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return the level with that name in messages; empty if there is none}
     *
     * @param wireName the value of the member
     */
    public static Optional<LogLevel> of(Object wireName) {
        return Stream.of(values()).filter(level -> level.wireName().equals(wireName)).findFirst();
    }
}

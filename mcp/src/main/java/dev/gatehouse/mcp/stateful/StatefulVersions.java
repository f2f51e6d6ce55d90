package dev.gatehouse.mcp.stateful;

import java.util.List;

/** The protocol revisions with an {@code initialize} handshake, oldest first. Any of them may be spoken on any wire. */
public final class StatefulVersions {

    /** All of them, oldest first. */
    public static final List<String> ALL = List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");

    private StatefulVersions() {
    }

    /** Returns the newest revision. */
    public static String newest() {
        return ALL.get(ALL.size() - 1);
    }

    /** Returns whether a revision is one of them. */
    public static boolean isKnown(String version) {
        return ALL.contains(version);
    }
}

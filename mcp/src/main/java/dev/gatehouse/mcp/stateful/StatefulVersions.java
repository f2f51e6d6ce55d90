package dev.gatehouse.mcp.stateful;

import java.util.List;

/** The protocol revisions with an {@code initialize} handshake, oldest first. Any of them may be spoken on any wire. */
public final class StatefulVersions {

    public static final List<String> ALL = List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");

    private StatefulVersions() {
    }

    public static String newest() {
        return ALL.get(ALL.size() - 1);
    }

    public static boolean isKnown(String version) {
        return ALL.contains(version);
    }
}

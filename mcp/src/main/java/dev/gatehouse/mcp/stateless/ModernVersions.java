package dev.gatehouse.mcp.stateless;

import java.util.List;

/** The revisions with metadata in each request, oldest first. */
public final class ModernVersions {

    public static final String NEWEST = "2026-07-28";
    public static final List<String> ALL = List.of(NEWEST);

    private ModernVersions() {
    }

    public static boolean isKnown(String version) {
        return ALL.contains(version);
    }
}

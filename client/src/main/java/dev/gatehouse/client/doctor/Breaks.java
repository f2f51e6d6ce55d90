package dev.gatehouse.client.doctor;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Groups of known clients that fail for the same reason. */
final class Breaks {

    static final Set<String> NONE = Set.of();
    /** Every client that does OAuth by itself. */
    static final Set<String> ALL = ClientProfile.ALL.stream().filter(client -> !client.serverPlaces().isEmpty()).map(ClientProfile::id)
        .collect(Collectors.toUnmodifiableSet());
    /** Clients that follow protected resource metadata. */
    static final Set<String> RESOURCE_METADATA = except("codex");
    static final Set<String> BROWSER = Set.of("inspector");
    static final Set<String> REGISTERING = ClientProfile.ALL.stream().filter(client -> client.registration() != null).map(ClientProfile::id)
        .collect(Collectors.toUnmodifiableSet());
    /** Clients with a loopback redirect URI on a port that changes. */
    static final Set<String> ANY_PORT = Set.of("claude-code", "codex", "vscode", "mcp-remote");

    private Breaks() {
    }

    static Set<String> except(String... clients) {
        Set<String> rest = new LinkedHashSet<>(ALL);
        Set.of(clients).forEach(rest::remove);
        return Set.copyOf(rest);
    }
}

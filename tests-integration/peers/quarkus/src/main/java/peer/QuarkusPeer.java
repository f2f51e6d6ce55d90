package peer;

import io.quarkiverse.mcp.server.Tool;
import io.smallrye.common.annotation.NonBlocking;

/** quarkus-mcp-server with a tool that answers a constant text and asks nobody who calls: on the event loop, and on a worker thread. */
public final class QuarkusPeer {
    private static final String TEXT = "{\"user_id\":\"testuser\",\"sub\":\"" + "x".repeat(120) + "\",\"permissions\":[\"mcp:read\"]}";

    @Tool(name = "get_user_profile", description = "A profile")
    @NonBlocking
    public String profile() {
        return TEXT;
    }

    /** As any tool is run that says nothing else. */
    @Tool(name = "get_user_profile_on_a_worker", description = "A profile")
    public String profileOnAWorker() {
        return TEXT;
    }
}

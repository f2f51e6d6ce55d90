package peer;

import io.quarkiverse.mcp.server.Tool;
import io.smallrye.common.annotation.NonBlocking;

/** quarkus-mcp-server with one tool that answers a constant text on the event loop and asks nobody who calls. */
public final class QuarkusPeer {
    private static final String TEXT = "{\"user_id\":\"testuser\",\"sub\":\"" + "x".repeat(120) + "\",\"permissions\":[\"mcp:read\"]}";

    @Tool(name = "get_user_profile", description = "A profile")
    @NonBlocking
    public String profile() {
        return TEXT;
    }
}

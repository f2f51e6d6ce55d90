package dev.gatehouse.mcp.stateless;

/** Members of {@code _meta} that the protocol reserves (2026-07-28, basic, {@code _meta}). */
public final class Meta {

    public static final String MEMBER = "_meta";
    public static final String VERSION = "io.modelcontextprotocol/protocolVersion";
    public static final String CLIENT_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
    public static final String CLIENT_INFO = "io.modelcontextprotocol/clientInfo";
    public static final String LOG_LEVEL = "io.modelcontextprotocol/logLevel";
    public static final String SERVER_INFO = "io.modelcontextprotocol/serverInfo";
    public static final String PROGRESS_TOKEN = "progressToken";

    private Meta() {
    }
}

package dev.gatehouse.resource.modern;

/** Members of {@code _meta} that the protocol reserves (2026-07-28, basic, {@code _meta}). */
final class Meta {

    static final String MEMBER = "_meta";
    static final String VERSION = "io.modelcontextprotocol/protocolVersion";
    static final String CLIENT_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
    static final String CLIENT_INFO = "io.modelcontextprotocol/clientInfo";
    static final String LOG_LEVEL = "io.modelcontextprotocol/logLevel";
    static final String SERVER_INFO = "io.modelcontextprotocol/serverInfo";
    static final String PROGRESS_TOKEN = "progressToken";

    private Meta() {
    }
}

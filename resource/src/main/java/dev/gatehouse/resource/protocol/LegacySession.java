package dev.gatehouse.resource.protocol;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerSession;

/** A session of a revision with {@code initialize}: the SDK's, and what the SDK does not keep of one. */
public final class LegacySession {

    private final McpStreamableServerSession sdk;
    private final String version;
    private final ResourceSubscriptions subscriptions = new ResourceSubscriptions();

    LegacySession(McpStreamableServerSession sdk, String version) {
        this.sdk = sdk;
        this.version = version;
    }

    McpStreamableServerSession sdk() {
        return sdk;
    }

    /** Takes the client's answer to a question of the server. An answer to none is ignored: the question may have timed out. */
    public void accept(JSONRPCResponse response) {
        sdk.accept(response).onErrorComplete().subscribe();
    }

    /** The revision that was agreed on. */
    public String version() {
        return version;
    }

    /** The resources that the client wants to hear of. */
    public ResourceSubscriptions subscriptions() {
        return subscriptions;
    }
}

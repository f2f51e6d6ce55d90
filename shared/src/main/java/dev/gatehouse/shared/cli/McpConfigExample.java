package dev.gatehouse.shared.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** A ready {@code mcp_config.json} for servers at given URLs. */
public final class McpConfigExample {

    /** The client that the demo profile of the authorization server knows. */
    public static final String CLIENT_ID = "mcp-test-client";
    /** The secret of the demo's confidential client. */
    public static final String CLIENT_SECRET = "mcp-test-secret";

    private McpConfigExample() {
    }

    /**
     * {@return the document, indented}
     *
     * @param issuer URL of the authorization server
     * @param mcp URL of the MCP server without a path
     */
    public static String json(String issuer, String mcp) {
        JsonObject auth = new JsonObject().put("type", "oauth")
            .put("authorization_url", issuer + "/oauth/authorize").put("token_url", issuer + "/oauth/token")
            .put("client_id", CLIENT_ID).put("client_secret", CLIENT_SECRET)
            .put("scope", "mcp:read mcp:write").put("redirect_uri", "urn:ietf:wg:oauth:2.0:oob");
        return new JsonObject().put("servers", new JsonArray()
            .add(new JsonObject().put("name", "oauth-protected").put("transport", "http").put("url", mcp + "/mcp")
                .put("auth", auth)))
            .encodePrettily();
    }
}

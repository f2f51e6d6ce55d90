package dev.gatehouse.mcp.bearer;

import dev.gatehouse.shared.http.StaticPage;

import java.util.Map;

/** The page of the MCP endpoint in a browser: what it is, and how to connect a client to it. */
final class ConnectPage {

    private static final String TEMPLATE = "/pages/connect.html";

    private ConnectPage() {
    }

    static StaticPage of(ProtectedResource resource, ExampleClient client) {
        return StaticPage.of(TEMPLATE, Map.of(
            "resource", resource.id().value(),
            "sse", resource.sse().value(),
            "authServer", resource.authServer(),
            "metadata", resource.metadataUrl(resource.id(), ""),
            "scopes", String.join(" ", resource.scopes()),
            "clientId", client.id(),
            "clientSecret", client.secret()));
    }
}

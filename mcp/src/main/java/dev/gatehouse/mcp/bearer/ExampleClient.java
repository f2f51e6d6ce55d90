package dev.gatehouse.mcp.bearer;

/**
 * The client that the page of an MCP endpoint names in its example.
 *
 * @param id the client identifier
 * @param secret the client secret
 */
public record ExampleClient(String id, String secret) {

    /** Words to be replaced. */
    public static final ExampleClient PLACEHOLDER = new ExampleClient("YOUR-CLIENT-ID", "YOUR-CLIENT-SECRET");
}

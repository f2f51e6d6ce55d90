package dev.gatehouse.authz;

import java.util.Map;

/** The well-known user and client of the demo profile. */
public final class DemoAccount {

    public static final String USERNAME = "testuser";
    public static final String PASSWORD = "testpass";
    public static final String CLIENT_ID = "mcp-test-client";
    public static final String CLIENT_SECRET = "mcp-test-secret";

    /** The account as the demo's pages show it. */
    static final Map<String, String> SHOWN = Map.of("username", USERNAME, "password", PASSWORD, "client", CLIENT_ID, "secret", CLIENT_SECRET);

    private DemoAccount() {
    }
}

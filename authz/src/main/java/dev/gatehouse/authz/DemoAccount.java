package dev.gatehouse.authz;

/** The well-known user and client of the demo profile. */
public final class DemoAccount {

    public static final String USERNAME = "testuser";
    public static final String PASSWORD = "testpass";
    public static final String CLIENT_ID = "mcp-test-client";
    public static final String CLIENT_SECRET = "mcp-test-secret";

    private DemoAccount() {
    }
}

package dev.gatehouse.mcp.bearer;

/** How an access token is presented. */
enum AuthScheme {
    /** By who has it (RFC 6750). */
    BEARER("Bearer"),
    /** By who proves to hold the key that it is bound to (RFC 9449 §7). */
    DPOP("DPoP");

    private final String wireName;

    AuthScheme(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }
}

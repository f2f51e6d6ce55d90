package dev.gatehouse.authz.store;

/** How a client proves who it is at the endpoints that it calls itself (RFC 7591 §2). */
public enum ClientAuthMethod {
    CLIENT_SECRET_BASIC("client_secret_basic"),
    CLIENT_SECRET_POST("client_secret_post"),
    /** A public client, which proves nothing but PKCE. */
    NONE("none");

    private final String wireName;

    ClientAuthMethod(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    /** The method of a wire name. Throws {@link IllegalArgumentException} for another text. */
    public static ClientAuthMethod of(String wireName) {
        for (ClientAuthMethod method : values()) {
            if (method.wireName.equals(wireName)) {
                return method;
            }
        }
        throw new IllegalArgumentException("No client authentication method is called " + wireName);
    }
}

package dev.gatehouse.authz.client;

/** The client authentication methods (RFC 7591 §2). */
public enum ClientAuthMethod {
    CLIENT_SECRET_BASIC("client_secret_basic"),
    CLIENT_SECRET_POST("client_secret_post"),
    /** An assertion signed with a key of the client (OpenID Connect Core §9, RFC 7523 §2.2). */
    PRIVATE_KEY_JWT("private_key_jwt"),
    /** A certificate with a trusted issuer and the registered subject (RFC 8705 §2.1). */
    TLS_CLIENT_AUTH("tls_client_auth"),
    /** A certificate that the client has registered (RFC 8705 §2.2). */
    SELF_SIGNED_TLS_CLIENT_AUTH("self_signed_tls_client_auth"),
    /** A public client, which has no credential. */
    NONE("none");

    private final String wireName;

    ClientAuthMethod(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    /** Returns whether the credential is the parameter {@code client_assertion} (RFC 7521 §4.2). */
    public boolean isAssertion() {
        return this == PRIVATE_KEY_JWT;
    }

    /** Returns the method of a wire name. Throws {@link IllegalArgumentException} for another text. */
    public static ClientAuthMethod of(String wireName) {
        for (ClientAuthMethod method : values()) {
            if (method.wireName.equals(wireName)) {
                return method;
            }
        }
        throw new IllegalArgumentException("No client authentication method is called " + wireName);
    }
}

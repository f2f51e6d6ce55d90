package dev.gatehouse.authz.client;

import java.util.Locale;

/** The format of an access token. */
public enum TokenFormat {
    /** A random text. Resource servers introspect it, so a revocation takes effect at once. */
    OPAQUE,
    /** A JWT (RFC 9068). A resource server can validate it locally, and then does not see its revocation. */
    JWT;

    /** Returns the name in configuration and policies. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the format of a wire name; null for null. Throws {@link IllegalArgumentException} for another text. */
    public static TokenFormat of(String wireName) {
        return wireName == null ? null : valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}

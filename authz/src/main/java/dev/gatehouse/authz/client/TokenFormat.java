package dev.gatehouse.authz.client;

import java.util.Locale;

/** What the text of an access token is. */
public enum TokenFormat {
    /** Random: only this server can tell what it means, and that it has not been revoked. */
    OPAQUE,
    /** A JWT (RFC 9068): a resource server reads it by itself, and learns of its revocation by introspection only. */
    JWT;

    /** As configuration and policies have it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The format of a wire name; null for null. Throws {@link IllegalArgumentException} for another text. */
    public static TokenFormat of(String wireName) {
        return wireName == null ? null : valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}

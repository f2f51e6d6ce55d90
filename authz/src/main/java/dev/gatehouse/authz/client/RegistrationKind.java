package dev.gatehouse.authz.client;

import java.util.Locale;

/** The way of a registration. */
public enum RegistrationKind {
    /** An operator registered the client. */
    PRE_REGISTERED,
    /** The client registered itself (RFC 7591). */
    DYNAMIC,
    /** Its identifier is the URL of a document that describes it (draft-ietf-oauth-client-id-metadata-document). */
    METADATA_DOCUMENT;

    /** Returns the name in the table. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the kind of a wire name. Throws {@link IllegalArgumentException} for another text. */
    public static RegistrationKind of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}

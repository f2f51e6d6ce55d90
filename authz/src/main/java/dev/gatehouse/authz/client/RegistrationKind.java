package dev.gatehouse.authz.client;

import java.util.Locale;

/** How this server came to know a client. */
public enum RegistrationKind {
    /** An operator added it, and so vouches for it. */
    PRE_REGISTERED,
    /** It registered itself (RFC 7591). */
    DYNAMIC,
    /** Its identifier is the URL of a document that describes it (draft-ietf-oauth-client-id-metadata-document). */
    METADATA_DOCUMENT;

    /** As the table has it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of a wire name. Throws {@link IllegalArgumentException} for another text. */
    public static RegistrationKind of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}

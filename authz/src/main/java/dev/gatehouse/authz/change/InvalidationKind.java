package dev.gatehouse.authz.change;

import java.util.Locale;

/** What is told to the other processes on a store, so that they forget what they keep of it in memory. */
public enum InvalidationKind {
    TOKEN, GRANT, USER, CLIENT, KEY;

    /** As the table has it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of a wire name. Throws {@link IllegalArgumentException} for another text. */
    public static InvalidationKind of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}

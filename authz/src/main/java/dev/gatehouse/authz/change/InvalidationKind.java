package dev.gatehouse.authz.change;

import java.util.Locale;

/** The kinds of invalidation messages. Another process on the same store discards the cached object that a message names. */
public enum InvalidationKind {
    TOKEN, GRANT, USER, CLIENT, KEY;

    /** Returns the name in the table. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the kind of a wire name. Throws {@link IllegalArgumentException} for another text. */
    public static InvalidationKind of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}

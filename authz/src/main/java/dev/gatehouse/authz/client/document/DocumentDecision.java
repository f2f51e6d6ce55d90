package dev.gatehouse.authz.client.document;

import java.util.Locale;

/** The operator's decision on one client metadata document. */
public enum DocumentDecision {
    /** No decision: the host lists apply. */
    NONE,
    /** Accepted, independent of its host. */
    APPROVED,
    /** Rejected; all its grants are revoked. */
    BLOCKED;

    /** The value in the database. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Parses a database value. @throws IllegalArgumentException for another text */
    public static DocumentDecision of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}

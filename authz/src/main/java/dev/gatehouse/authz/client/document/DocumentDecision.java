package dev.gatehouse.authz.client.document;

import java.util.Locale;

/** What the operator decided about one metadata document. */
public enum DocumentDecision {
    /** Nothing: the rules for its host hold. */
    NONE,
    /** Taken, whether or not its host is one of the allowed. */
    APPROVED,
    /** Refused, and all that was granted to it ended. */
    BLOCKED;

    /** As the table has it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The decision of a wire name. Throws {@link IllegalArgumentException} for another text. */
    public static DocumentDecision of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}

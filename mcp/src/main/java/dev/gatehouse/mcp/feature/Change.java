package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.Principal;

import java.util.Objects;

/**
 * Something that a client may have read is no longer so.
 *
 * @param uri   of the resource that changed, or null where a list changed
 * @param owner {@link Principal#userKey} of the only user to hear of it, or null for everybody
 */
public record Change(Kind kind, String uri, String owner) {

    /** What changed. */
    public enum Kind {
        TOOLS, PROMPTS, RESOURCES, RESOURCE_UPDATED
    }

    public Change {
        Objects.requireNonNull(kind, "kind");
        if ((kind == Kind.RESOURCE_UPDATED) != (uri != null)) {
            throw new IllegalArgumentException("A resource that changed has a URI, a list has none");
        }
    }

    /** A list changed, for everybody. */
    public static Change of(Kind kind) {
        return new Change(kind, null, null);
    }

    /** Whether a user may hear of it. */
    public boolean concerns(Principal principal) {
        return owner == null || owner.equals(principal.userKey());
    }
}

package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.Principal;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A change of something that clients may have read.
 *
 * @param uri   of the resource that changed, or null if a list changed
 * @param owner {@link Principal#userKey} of the only user who may learn of it, or null for all users
 */
public record Change(Kind kind, String uri, String owner) {

    /** The kind of a change. */
    public enum Kind {
        TOOLS("notifications/tools/list_changed"),
        PROMPTS("notifications/prompts/list_changed"),
        RESOURCES("notifications/resources/list_changed"),
        RESOURCE_UPDATED("notifications/resources/updated");

        private final String method;

        Kind(String method) {
            this.method = method;
        }
    }

    public Change {
        Objects.requireNonNull(kind, "kind");
        if ((kind == Kind.RESOURCE_UPDATED) != (uri != null)) {
            throw new IllegalArgumentException("A changed resource has a URI, a list has none");
        }
    }

    /** A list changed, for all users. */
    public static Change of(Kind kind) {
        return new Change(kind, null, null);
    }

    /**
     * The notification for clients.
     *
     * @param members further members of its parameters
     */
    public JSONRPCNotification notification(Map<String, Object> members) {
        Map<String, Object> params = new LinkedHashMap<>(members);
        if (uri != null) {
            params.put("uri", uri);
        }
        return new JSONRPCNotification("2.0", kind.method, params.isEmpty() ? null : params);
    }

    /** Returns true if the user may learn of the change. */
    public boolean concerns(Principal principal) {
        return owner == null || owner.equals(principal.userKey());
    }
}

package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.Principal;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A change of something that clients may have read.
 *
 * @param kind what changed
 * @param uri   of the resource that changed, or null if a list changed
 * @param owner {@link Principal#userKey} of the only user who may learn of it, or null for all users
 */
public record Change(Kind kind, String uri, String owner) {

    /** The kind of a change. */
    public enum Kind {
        /** The list of tools. */
        TOOLS("notifications/tools/list_changed"),
        /** The list of prompts. */
        PROMPTS("notifications/prompts/list_changed"),
        /** The list of resources. */
        RESOURCES("notifications/resources/list_changed"),
        /** The contents of a resource. */
        RESOURCE_UPDATED("notifications/resources/updated");

        private final String method;

        Kind(String method) {
            this.method = method;
        }
    }

    /**
     * Checks the components.
     *
     * @param kind what changed
     * @param uri of the resource that changed, or null if a list changed
     * @param owner {@link Principal#userKey} of the only user who may learn of it, or null for all users
     */
    public Change {
        Objects.requireNonNull(kind, "kind");
        if ((kind == Kind.RESOURCE_UPDATED) != (uri != null)) {
            throw new IllegalArgumentException("A changed resource has a URI, a list has none");
        }
    }

    /**
     * {@return a change of a list, for all users}
     *
     * @param kind the list
     */
    public static Change of(Kind kind) {
        return new Change(kind, null, null);
    }

    /**
     * {@return the notification for clients}
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

    /**
     * {@return whether the user may learn of the change}
     *
     * @param principal the user
     */
    public boolean concerns(Principal principal) {
        return owner == null || owner.equals(principal.userKey());
    }
}

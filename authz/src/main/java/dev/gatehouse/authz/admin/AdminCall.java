package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.user.RoleStore.Role;
import dev.gatehouse.shared.audit.AuditLog.RequestOrigin;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A call of an operation, by the API or by the console.
 *
 * @param path the path parameters
 * @param query the query parameters, with the types of their schemas
 * @param body the body, which its schema allows; empty without a body
 * @param ifMatch the entity tag that the caller expects, or null
 * @param confirmed whether a second owner has confirmed it
 */
public record AdminCall(Operation operation, Actor actor, Map<String, String> path, JsonObject query, JsonObject body, String ifMatch,
                        RequestOrigin origin, boolean confirmed) {

    private static final int PAGE = 50;
    private static final int TAG_BYTES = 12;
    /** Members that change without a change of the resource. */
    private static final Set<String> VOLATILE = Set.of("last_login_at", "used_at", "needed_until", "current", "changes", "problem", "client_secret", "omitted");

    public AdminCall {
        path = Map.copyOf(path);
    }

    /** The user who calls. @param authenticatedAt the time of the login, epoch milliseconds */
    public record Actor(String sub, Role role, String clientId, long authenticatedAt) {

        boolean isOwner() {
            return role == Role.OWNER;
        }
    }

    String path(String name) {
        return path.get(name);
    }

    /** A query parameter; null if it is absent. */
    String text(String name) {
        return query.getString(name);
    }

    int limit() {
        return query.getInteger("limit", PAGE);
    }

    /** The key after which the page begins; null for the first page. */
    String[] cursor(int parts) {
        String cursor = text("cursor");
        if (cursor == null) {
            return null;
        }
        String[] key = {};
        try {
            key = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split("\n", -1);
        } catch (IllegalArgumentException malformed) {
            // The length is wrong then.
        }
        if (key.length != parts) {
            throw Problem.invalid("The cursor is not one of this list");
        }
        return key;
    }

    static String cursorOf(Object... key) {
        return SecretToken.encode(String.join("\n", Arrays.stream(key).map(String::valueOf).toList()).getBytes(StandardCharsets.UTF_8));
    }

    /** Requires that {@code If-Match} names the tag of the current resource. A confirmed change has been checked at its request. */
    void requireMatch(JsonObject current) {
        if (operation.needsMatch() && !confirmed && (ifMatch == null
            || Stream.of(ifMatch.split(",")).map(String::strip).noneMatch(each -> each.equals("*") || each.equals(tag(current))))) {
            throw ifMatch == null ? Problem.preconditionRequired() : Problem.changed();
        }
    }

    /** The strong entity tag of a resource. */
    static String tag(JsonObject resource) {
        JsonObject stable = resource.copy();
        VOLATILE.forEach(stable::remove);
        return '"' + SecretToken.encode(Arrays.copyOf(SecretToken.sha256(stable.encode().getBytes(StandardCharsets.UTF_8)), TAG_BYTES)) + '"';
    }

    /** Requires that the caller may change a user. Otherwise the caller could take over the account of an owner. */
    void requireMayChange(Optional<Role> role) {
        if (role.isPresent() && !actor.isOwner()) {
            throw Problem.forbidden("Only an owner changes a user who has a role");
        }
    }

    /**
     * The result of an operation.
     *
     * @param status the HTTP status
     * @param body the resource; null for none
     * @param tag the entity tag; null for none
     * @param lines lines of JSON instead of a body; null for none
     */
    public record Answer(int status, JsonObject body, String tag, String lines) {

        static Answer none() {
            return new Answer(204, null, null, null);
        }

        static Answer of(JsonObject body) {
            return new Answer(200, body, null, null);
        }

        /** A resource that has an entity tag. */
        static Answer tagged(JsonObject resource) {
            return new Answer(200, resource, AdminCall.tag(resource), null);
        }

        static Answer created(JsonObject resource) {
            return new Answer(201, resource, AdminCall.tag(resource), null);
        }

        /**
         * A page of a list.
         *
         * @param items at most one more than the limit, which shows that there are more
         * @param key the key of an item, for the cursor
         */
        static Answer page(List<JsonObject> items, int limit, Function<JsonObject, String> key) {
            boolean more = items.size() > limit;
            List<JsonObject> shown = more ? items.subList(0, limit) : items;
            return of(new JsonObject().put("items", new JsonArray(List.copyOf(shown))).put("next", more ? key.apply(shown.get(limit - 1)) : null));
        }
    }
}

package dev.gatehouse.authz.scim;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * An account with what a client has provisioned of it.
 *
 * @param hasPassword whether the account has a password of this server; its login name and profile then belong to this server
 * @param email or null
 * @param name the display name, or null
 * @param attributes null if no client has provisioned the account
 * @param externalId the identifier at the client, or null
 */
record ScimUser(String sub, String username, boolean hasPassword, String email, String name, boolean disabled, long createdAt,
                JsonObject attributes, String externalId, long changedAt) {

    private static final int LONGEST_NAME = 256;
    private static final int LARGEST = 64 * 1024;

    /** A group of the user. */
    record Membership(String groupId, String name) {
    }

    /** The resource. */
    JsonObject resource(String base, List<Membership> groups) {
        JsonObject shown = attributes == null ? profile() : attributes.copy();
        shown.put("userName", username).put("active", !disabled);
        if (externalId != null) {
            shown.put("externalId", externalId);
        }
        if (!groups.isEmpty()) {
            JsonArray list = new JsonArray();
            groups.forEach(group -> list.add(new JsonObject().put("value", group.groupId()).put("$ref", base + ResourceType.GROUP.path() + "/" + group.groupId())
                .put("display", group.name()).put("type", "direct")));
            shown.put("groups", list);
        }
        return ResourceStore.resource(ResourceType.USER, base, sub, shown, createdAt, Math.max(createdAt, changedAt), 0);
    }

    private JsonObject profile() {
        JsonObject profile = new JsonObject();
        if (name != null) {
            profile.put("displayName", name);
        }
        return email == null ? profile : profile.put("emails", new JsonArray().add(new JsonObject().put("value", email).put("type", "work").put("primary", true)));
    }

    /** The attributes to store. The others have columns of their own. */
    static String stored(JsonObject document) {
        JsonObject stored = document.copy();
        List.of("userName", "active", "externalId").forEach(stored::remove);
        String text = stored.encode();
        if (text.length() > LARGEST) {
            throw ScimException.invalidValue("The user has too many attributes");
        }
        return text;
    }

    static String username(JsonObject document) {
        String username = document.getString("userName");
        if (username.length() > LONGEST_NAME || username.chars().anyMatch(Character::isISOControl)) {
            throw ScimException.invalidValue("userName is too long, or has a control character");
        }
        return username;
    }

    /** The display name of the account, or null. */
    static String name(JsonObject document) {
        JsonObject name = document.getJsonObject("name", new JsonObject());
        String joined = String.join(" ", Stream.of(name.getString("givenName"), name.getString("familyName")).filter(Objects::nonNull).toList());
        return Stream.of(document.getString("displayName"), name.getString("formatted"), joined).filter(text -> text != null && !text.isBlank())
            .findFirst().orElse(null);
    }

    /** The email address of the account: the primary one, or that of the type work, or the first; null if there is none. */
    static String email(JsonObject document) {
        List<JsonObject> emails = document.getJsonArray("emails", new JsonArray()).stream().map(JsonObject.class::cast)
            .filter(each -> each.getString("value") != null).toList();
        return Stream.of(emails.stream().filter(ResourceReader::isPrimary), emails.stream().filter(each -> "work".equalsIgnoreCase(each.getString("type"))),
            emails.stream()).flatMap(each -> each).findFirst().map(each -> each.getString("value")).orElse(null);
    }
}

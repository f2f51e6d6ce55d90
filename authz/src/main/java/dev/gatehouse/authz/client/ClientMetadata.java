package dev.gatehouse.authz.client;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * The optional metadata of a client: members of RFC 7591 §2 and of the specifications that extend it, by their wire names.
 * The members have been validated.
 *
 * @param members not to be changed
 */
public record ClientMetadata(JsonObject members) {

    /** No optional metadata. */
    public static final ClientMetadata NONE = new ClientMetadata(new JsonObject());

    public ClientMetadata {
        members = members.copy();
    }

    /** Returns a member that is a text, or null. */
    public String text(String name) {
        return members.getString(name);
    }

    /** Returns whether a member is present and true. */
    public boolean isTrue(String name) {
        return Boolean.TRUE.equals(members.getValue(name));
    }

    /** Returns a member that is a list of texts; empty if it is absent. */
    public List<String> texts(String name) {
        return members.getJsonArray(name, new JsonArray()).stream().map(String.class::cast).toList();
    }

    /** Returns the client's public keys as a JWK set (RFC 7517 §5), or null. */
    public JsonObject jwks() {
        return members.getJsonObject("jwks");
    }

    /** Returns the URL of the client's JWK set, or null. */
    public String jwksUri() {
        return text("jwks_uri");
    }

    /** Returns these members with a member added or replaced, or removed if the value is null. */
    public ClientMetadata with(String name, Object value) {
        JsonObject changed = members.copy();
        changed.remove(name);
        return new ClientMetadata(value == null ? changed : changed.put(name, value));
    }
}
